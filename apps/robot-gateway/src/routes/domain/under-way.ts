import type { RouteUnderWay } from '../../lease/robot-situation';
import { namedCommand, type NamedCommand } from '../../telemetry/named-command';

/** What the robot last said, and how long ago. */
export interface Heard {
  readonly state: Readonly<Record<string, unknown>>;
  readonly ageMs: number;
}

/**
 * What becomes of the route under way. `active`: the robot drives it, as is now known. `again`: it never reached the
 * robot, so it goes back to the front of the queue.
 */
export type Verdict = 'wait' | 'active' | 'done' | 'canceled' | 'lost' | 'again';

export const IDLE = 'IDLE';

/**
 * The robot's telemetry decides. Old firmware: `IDLE` ends the route that was sent, any other mode leaves it. New firmware
 * names the command it drives or has driven, which also tells a telemetry that crossed the command on its way. A route
 * that is `dispatching` after `settleMs` was left behind by a process that died: it may or may not have been sent.
 */
export function decideUnderWay(route: RouteUnderWay, heard: Heard | undefined, settleMs: number): Verdict {
  // What was said before the route was sent says nothing of it.
  if (heard === undefined || heard.ageMs >= route.dispatchedMs) return 'wait';
  const settled = route.dispatchedMs >= settleMs;
  if (route.status === 'dispatching' && !settled) return 'wait';
  const { state } = heard;
  const named = namedCommand(state);
  if (named !== undefined) return byName(named, route, state, settled);
  if (route.status === 'active') return state['driveMode'] === IDLE ? 'done' : 'wait';
  if (state['driveMode'] === IDLE) return state['currentPosition'] === route.destination ? 'done' : 'again';
  const target = state['targetNode'];
  return target === route.destination || target === null || target === undefined ? 'active' : 'wait';
}

function byName(named: NamedCommand, route: RouteUnderWay, state: Heard['state'], settled: boolean): Verdict {
  if (named.id === route.dispatchId) {
    if (named.status === 'DONE') return 'done';
    if (named.status === 'CANCELED') return 'canceled';
    if (named.status === 'FAILED') return 'lost';
    return route.status === 'active' ? 'wait' : 'active';
  }
  // It has another one in hand, or waits and never had this one.
  return state['driveMode'] === IDLE && settled ? 'again' : 'wait';
}
