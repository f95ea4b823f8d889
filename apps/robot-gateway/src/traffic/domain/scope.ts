import type { TrafficScope } from '@teleop/contracts';

export interface Conflict {
  readonly robotId: string;
  readonly scope: TrafficScope;
}

/** Each id once, in one order: the same scope is then written the same way. */
export function tidyScope({ nodeIds, pathIds }: TrafficScope): TrafficScope {
  const tidy = (ids: readonly string[]) => [...new Set(ids)].sort();
  return { nodeIds: tidy(nodeIds), pathIds: tidy(pathIds) };
}

/** What is in the first and not in the second. */
export function scopeWithout(scope: TrafficScope, other: TrafficScope): TrafficScope {
  const without = (ids: readonly string[], others: readonly string[]) => {
    const gone = new Set(others);
    return ids.filter((id) => !gone.has(id));
  };
  return {
    nodeIds: without(scope.nodeIds, other.nodeIds),
    pathIds: without(scope.pathIds, other.pathIds),
  };
}

export const NOTHING: TrafficScope = { nodeIds: [], pathIds: [] };

export function isNothing({ nodeIds, pathIds }: TrafficScope): boolean {
  return nodeIds.length === 0 && pathIds.length === 0;
}

const MOST_NAMED = 10;

/** For people: who has what, e.g. `robot arm2 has locked node "Kitchen", path "p1"`. */
export function conflictsInWords(conflicts: readonly Conflict[]): string {
  return conflicts
    .map(({ robotId, scope }) => {
      const what = [
        ...scope.nodeIds.map((id) => `node ${JSON.stringify(id)}`),
        ...scope.pathIds.map((id) => `path ${JSON.stringify(id)}`),
      ];
      const more = what.length > MOST_NAMED ? ` and ${what.length - MOST_NAMED} more` : '';
      return `robot ${robotId} has locked ${what.slice(0, MOST_NAMED).join(', ')}${more}`;
    })
    .join('; ');
}
