import type { FaultChanges, Faults } from '../faults/faults';
import type { Answers } from '../link/robot-server';

interface Answering {
  readonly state: object;
  readonly faults: Readonly<Faults>;
  readonly commands: readonly object[];
  readonly counts: object;
  readonly leaseChanges: readonly object[];
  readonly hand: {
    readonly moving: boolean;
    readonly startedAt: number | null;
    readonly stoppedAt: number | null;
    readonly stopCause: string | null;
    readonly moves: readonly object[];
  };
  setFaults(changes: FaultChanges): void;
}

/** The source's three paths to the letter; with `control` also the simulator's own, for tests in another process. */
export function answersOf(robot: Answering, nodes: readonly string[], control: boolean): Answers {
  return {
    'GET /health': () => ({ status: 'ok', message: 'Robot is online' }),
    'GET /status': () => robot.state,
    'GET /nodes': () => ({ nodes }),
    ...(control ? controls(robot) : {}),
  };
}

function controls(robot: Answering): Answers {
  return {
    'GET /sim/faults': () => robot.faults,
    'PUT /sim/faults': (body) => {
      robot.setFaults(JSON.parse(body) as FaultChanges);
      return robot.faults;
    },
    'GET /sim/log': () => {
      const { moving, startedAt, stoppedAt, stopCause, moves } = robot.hand;
      return {
        commands: robot.commands,
        counts: robot.counts,
        leaseChanges: robot.leaseChanges,
        hand: { moving, startedAt, stoppedAt, stopCause, moves },
      };
    },
  };
}
