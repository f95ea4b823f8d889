import type { TeachStatePayload, TrafficScope } from '@teleop/contracts';

export const NOWHERE: TrafficScope = { nodeIds: [], pathIds: [] };

/** What a traffic lock takes at most, of nodes and of paths. */
const MOST = 1_000;

/** What an operator and a robot say together, each id once and in one order. */
export function joined(...scopes: readonly TrafficScope[]): TrafficScope {
  const all = (ids: readonly string[]) => [...new Set(ids)].sort();
  return {
    nodeIds: all(scopes.flatMap(({ nodeIds }) => nodeIds)),
    pathIds: all(scopes.flatMap(({ pathIds }) => pathIds)),
  };
}

/** Where a robot says it is and is being led through. */
export function scopeOfState({ nodeId, corridor }: TeachStatePayload): TrafficScope {
  return {
    nodeIds: [...(corridor?.nodeIds ?? []), ...(nodeId ? [nodeId] : [])],
    pathIds: corridor?.pathIds ?? [],
  };
}

/** The scope with what is new in the other one; undefined when that is nothing, or more than a lock can take. */
export function grown(scope: TrafficScope, by: TrafficScope): TrafficScope | undefined {
  const known = { nodeIds: new Set(scope.nodeIds), pathIds: new Set(scope.pathIds) };
  const isNew =
    by.nodeIds.some((id) => !known.nodeIds.has(id)) || by.pathIds.some((id) => !known.pathIds.has(id));
  if (!isNew) return undefined;
  const wanted = joined(scope, by);
  return wanted.nodeIds.length > MOST || wanted.pathIds.length > MOST ? undefined : wanted;
}
