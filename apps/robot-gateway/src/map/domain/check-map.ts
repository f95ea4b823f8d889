import { MapDocument, validate, type MapNode, type MapPath } from '@teleop/contracts';

export interface MapLimits {
  readonly maxNodes: number;
  readonly maxPaths: number;
}

/** What is wrong, and where: dotted as in every answer of ours, e.g. `paths.3.length`. */
export interface MapFault {
  readonly path: string;
  readonly message: string;
}

export type CheckedMap =
  | { readonly ok: true; readonly map: MapDocument }
  | { readonly ok: false; readonly faults: readonly MapFault[] };

const MAX_FAULTS = 50;
/**
 * A path shorter than the straight line between its ends is a mistake of units or of typing, not a place: refused. Lengths
 * that were measured and rounded stay: a centimetre or one per cent. (A* does not depend on it: see road-graph.)
 */
const TOLERANCE_M = 0.01;
const TOLERANCE = 0.01;

/** Checks a map that was parsed from anywhere; says everything that is wrong at once, up to 50 faults. */
export function checkMap(value: unknown, limits: MapLimits): CheckedMap {
  const tooLarge = tooMany(value, limits);
  if (tooLarge.length > 0) return { ok: false, faults: tooLarge };
  const checked = validate(MapDocument, value);
  if (!checked.ok) return { ok: false, faults: checked.errors };
  const faults = faultsOf(checked.value);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, map: tidy(checked.value) };
}

/** First: what is too large is not looked at any further. */
function tooMany(value: unknown, { maxNodes, maxPaths }: MapLimits): MapFault[] {
  const { nodes, paths } = (value ?? {}) as { nodes?: unknown; paths?: unknown };
  const over = (name: string, list: unknown, most: number): MapFault[] =>
    Array.isArray(list) && list.length > most
      ? [{ path: name, message: `${list.length} ${name}, at most ${most} are allowed` }]
      : [];
  return [...over('nodes', nodes, maxNodes), ...over('paths', paths, maxPaths)];
}

function faultsOf(map: MapDocument): MapFault[] {
  const faults: MapFault[] = [...repeatedIds('nodes', map.nodes), ...repeatedIds('paths', map.paths)];
  const nodes = new Map(map.nodes.map((node) => [node.id, node]));
  for (const [index, path] of map.paths.entries()) {
    if (faults.length >= MAX_FAULTS) break;
    faults.push(...faultsOfPath(path, `paths.${index}`, nodes));
  }
  return faults.slice(0, MAX_FAULTS);
}

function repeatedIds(list: string, items: readonly { id: string }[]): MapFault[] {
  const first = new Map<string, number>();
  return items.flatMap(({ id }, index) => {
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    return before === undefined
      ? []
      : [{ path: `${list}.${index}.id`, message: `${quoted(id)} is the id of ${list}.${before} already` }];
  });
}

function faultsOfPath(path: MapPath, at: string, nodes: ReadonlyMap<string, MapNode>): MapFault[] {
  const from = nodes.get(path.from);
  const to = nodes.get(path.to);
  const faults: MapFault[] = [];
  if (from === undefined)
    faults.push({ path: `${at}.from`, message: `no node has the id ${quoted(path.from)}` });
  if (to === undefined) faults.push({ path: `${at}.to`, message: `no node has the id ${quoted(path.to)}` });
  if (from === undefined || to === undefined) return faults;
  if (from === to) return [{ path: `${at}.to`, message: `${quoted(path.to)} is where the path begins` }];
  const straight = Math.hypot(from.x - to.x, from.y - to.y);
  if (path.length !== undefined && path.length < straight - Math.max(TOLERANCE_M, TOLERANCE * straight)) {
    const line = `the straight line from ${quoted(from.id)} to ${quoted(to.id)}, ${straight.toFixed(3)} m`;
    faults.push({ path: `${at}.length`, message: `${path.length} m is shorter than ${line}` });
  }
  return faults;
}

/** Absent is absent: `name: null`, which validation lets through as optional, is not stored. */
function tidy({ name, nodes, paths, defaultSpeed }: MapDocument): MapDocument {
  const present = <T extends object>(of: T): T =>
    Object.fromEntries(Object.entries(of).filter(([, field]) => field !== null && field !== undefined)) as T;
  return present({ name, nodes: nodes.map(present), paths: paths.map(present), defaultSpeed });
}

function quoted(id: string): string {
  return JSON.stringify(id);
}
