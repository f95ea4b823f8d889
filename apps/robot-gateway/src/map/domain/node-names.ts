import type { MapNode } from '@teleop/contracts';

/** Which node a text means: its id, or its name when exactly one node has it and none has it as its id. */
export function nodesByName(nodes: readonly MapNode[]): ReadonlyMap<string, number> {
  const meant = new Map<string, number>();
  const ambiguous = new Set<string>();
  for (const [index, { name }] of nodes.entries()) {
    if (name === undefined) continue;
    if (meant.has(name)) ambiguous.add(name);
    meant.set(name, index);
  }
  for (const name of ambiguous) meant.delete(name);
  for (const [index, { id }] of nodes.entries()) meant.set(id, index);
  return meant;
}

/** Names of which nobody can say which node they mean. */
export function ambiguousNames(nodes: readonly MapNode[]): string[] {
  const meant = nodesByName(nodes);
  return [...new Set(nodes.flatMap(({ name }) => (name !== undefined && !meant.has(name) ? [name] : [])))];
}
