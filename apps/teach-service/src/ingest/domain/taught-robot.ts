import type { TrafficScope } from '@teleop/contracts';

/** From and to, milliseconds; null: it goes on. */
export type Interval = readonly [number, number | null];

/** A session of a robot that recorded not long ago, or does. */
export interface TaughtSession {
  readonly sessionId: string;
  readonly robotId: string;
  readonly recording: boolean;
  readonly recorded: readonly Interval[];
  readonly scope: TrafficScope;
}

/** The session that recorded the robot when this was said; no two ever record at once. */
export function sessionAt(
  sessions: readonly TaughtSession[],
  robotId: string,
  at: number,
): TaughtSession | undefined {
  return sessions.find(
    (session) =>
      session.robotId === robotId &&
      session.recorded.some(([from, to]) => from <= at && (to === null || at < to)),
  );
}
