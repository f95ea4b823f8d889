/**
 * A route waits, is being sent, is driven, and ends. `dispatching` is written before the robot is told and `active` after:
 * whoever finds it there after a crash does not know whether the robot was told, and lets its telemetry decide.
 */
export const ROUTE_STATUSES = ['queued', 'dispatching', 'active', 'done', 'canceled', 'lost'] as const;
export type RouteStatus = (typeof ROUTE_STATUSES)[number];

export const ROUTE_TRANSITIONS: Readonly<Record<RouteStatus, readonly RouteStatus[]>> = {
  queued: ['dispatching', 'canceled'],
  dispatching: ['active', 'queued', 'done', 'canceled', 'lost'],
  // Back to the queue: an Admin came in between.
  active: ['queued', 'done', 'canceled', 'lost'],
  done: [],
  canceled: [],
  // The robot was not heard of for too long while it drove.
  lost: [],
};
