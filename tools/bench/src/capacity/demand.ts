/** What is asked of the suite in a second, on average of the busy hour. */
export interface Demand {
  readonly robots: number;
  readonly telemetry: number;
  readonly frames: number;
  readonly watchers: number;
  readonly watcherUpdates: number;
  readonly requests: number;
  readonly queueTransactions: number;
  readonly pairs: number;
  readonly pairMessages: number;
  readonly cameras: number;
  readonly evaluations: number;
  readonly teachSamples: number;
}

/** How a house uses its robots. Change it and run again: the figures of docs/capacity.md follow. */
export const USAGE = {
  /** Telemetry of each robot, Hz. */
  telemetryHz: 1,
  /** Share of robots that somebody drives right now, and the rate of his frames. */
  driven: 0.1,
  frameHz: 50,
  /** People who look at each robot's queue, and changes of a queue a second that they are told. */
  watchersPerRobot: 5,
  changesPerRobot: 0.02,
  /** Seconds of a turn; transactions of one (join, open, token, leave, settle, evaluation). */
  turnSeconds: 300,
  transactionsPerTurn: 8,
  /** Requests of other kinds a robot causes: pages, statuses, tasks. */
  requestsPerRobot: 0.1,
  /** For a hundred robots: pairs of kiosk and phone, cameras in classrooms, robots that are taught (50 Hz). */
  pairsPer100: 10,
  messagesPerPair: 2,
  camerasPer100: 5,
  taughtPer100: 0.5,
} as const;

export function demandOf(robots: number, usage: typeof USAGE = USAGE): Demand {
  const turns = (robots * usage.driven) / usage.turnSeconds;
  const pairs = (robots * usage.pairsPer100) / 100;
  const watchers = robots * usage.watchersPerRobot;
  return {
    robots,
    telemetry: robots * usage.telemetryHz,
    frames: robots * usage.driven * usage.frameHz,
    watchers,
    watcherUpdates: watchers * usage.changesPerRobot,
    requests: robots * usage.requestsPerRobot + turns * usage.transactionsPerTurn,
    queueTransactions: turns * usage.transactionsPerTurn,
    pairs,
    pairMessages: pairs * usage.messagesPerPair,
    cameras: Math.ceil((robots * usage.camerasPer100) / 100),
    evaluations: turns,
    teachSamples: (robots * usage.taughtPer100 * 50) / 100,
  };
}
