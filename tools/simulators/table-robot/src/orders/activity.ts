import type { RouteDrive } from '../motion/route-drive';
import type { Actuators, Table } from '../motion/table';
import type { OrderRecord } from './order-memory';

/** What the robot is at by itself: a route, or a step of a mission. */
export interface Activity {
  readonly mode: 'NAVIGATING' | 'TASK';
  /** Undefined for a NAVIGATE of the old kind, without an id. */
  readonly record: OrderRecord | undefined;
  readonly work: Driving | Acting;
  /** Monotonic milliseconds after which it has failed. */
  readonly deadline: number;
}

export interface Driving {
  readonly kind: 'drive';
  readonly route: RouteDrive;
}

export interface Acting {
  readonly kind: 'act';
  secondsLeft: number;
  readonly effect: Partial<Actuators>;
}

/** Lets an activity go on for `seconds`; true when it is done. */
export function proceed(
  { work }: Activity,
  table: Table,
  seconds: number,
  passed: (node: string) => void,
): boolean {
  if (work.kind === 'drive') return table.drive(work.route, seconds, passed);
  work.secondsLeft -= seconds;
  if (work.secondsLeft > 0) return false;
  Object.assign(table.actuators, work.effect);
  return true;
}
