/** What a robot does wrong. All of it can be changed while it runs; nothing is wrong by default. */
export interface Faults {
  lie: Lies;
  lag: Lag;
  drop: Drops;
  /** Cuts its own control socket every so many seconds; 0 never. */
  reconnectEverySeconds: number;
  /** Does not read its control socket: half-open, as after a lost radio link that nobody noticed. */
  deaf: boolean;
  /** Loses power when it has driven this share of a route, 0 to 1; null never. Happens once. */
  dieMidRoute: number | null;
}

/** In telemetry and `/status`. */
export interface Lies {
  /** Reports IDLE while it drives. */
  idle: boolean;
  /** Reports to be at some other node. */
  position: boolean;
  /** Reports its running command as DONE. */
  command: boolean;
}

/** Milliseconds; each message waits its time and up to `jitterMs` more, but none overtakes another. */
export interface Lag {
  telemetryMs: number;
  commandsMs: number;
  jitterMs: number;
}

/** Shares, 0 to 1. */
export interface Drops {
  /** Posts that never leave. */
  posts: number;
  /** Answers to posts that are lost: what it said arrived, and is said again. */
  responses: number;
  /** Frames to the robot. */
  frames: number;
  /** Acknowledgements from the robot. */
  acks: number;
}

/** What to change; what is not named stays as it is. */
export type FaultChanges = Partial<Omit<Faults, 'lie' | 'lag' | 'drop'>> & {
  readonly lie?: Partial<Lies>;
  readonly lag?: Partial<Lag>;
  readonly drop?: Partial<Drops>;
};

export class BadFaultError extends Error {}

export function noFaults(): Faults {
  return {
    lie: { idle: false, position: false, command: false },
    lag: { telemetryMs: 0, commandsMs: 0, jitterMs: 0 },
    drop: { posts: 0, responses: 0, frames: 0, acks: 0 },
    reconnectEverySeconds: 0,
    deaf: false,
    dieMidRoute: null,
  };
}

/** The faults with these changes. Throws `BadFaultError` that names the field when one makes no sense. */
export function changeFaults(faults: Faults, changes: FaultChanges): Faults {
  known('', changes, faults);
  for (const group of ['lie', 'lag', 'drop'] as const)
    known(`${group}.`, changes[group] ?? {}, faults[group]);
  const changed: Faults = {
    ...faults,
    ...changes,
    lie: { ...faults.lie, ...changes.lie },
    lag: { ...faults.lag, ...changes.lag },
    drop: { ...faults.drop, ...changes.drop },
  };
  check(changed);
  return changed;
}

function known(prefix: string, changes: object, faults: object): void {
  for (const field of Object.keys(changes))
    if (!(field in faults)) throw new BadFaultError(`${prefix}${field}: there is no such fault`);
}

function check({ lie, lag, drop, reconnectEverySeconds, deaf, dieMidRoute }: Faults): void {
  for (const [name, value] of Object.entries({ ...lie, deaf }))
    if (typeof value !== 'boolean') throw new BadFaultError(`${name} must be true or false`);
  for (const [name, value] of Object.entries({ ...lag, reconnectEverySeconds }))
    if (!(Number.isFinite(value) && value >= 0)) throw new BadFaultError(`${name} must be 0 or more`);
  for (const [name, value] of Object.entries({ ...drop, dieMidRoute: dieMidRoute ?? 0 }))
    if (!(value >= 0 && value <= 1)) throw new BadFaultError(`${name} must be a share from 0 to 1`);
}
