import type { Leg } from '../motion/route-drive';
import { distance, type MapNode, type Point, type RoadMap } from './robot-map';
import { shortestPath } from './shortest-path';

/** Where a drive begins: at a node, or somewhere on a leg that was not driven to its end, or beside the map. */
export interface Whereabouts {
  readonly point: Point;
  readonly node: string | null;
  readonly leg: Leg | null;
}

export type Plan =
  { readonly ok: true; readonly legs: readonly Leg[] } | { readonly ok: false; readonly reason: string };

const refused = (reason: string): Plan => ({ ok: false, reason });

/** To its start, and from there to its destination: along the path it names, else the quickest way over this map. */
export function planRoute(
  map: RoadMap,
  at: Whereabouts,
  route: { start: string; destination: string; path?: readonly string[] | undefined },
  speed: number,
): Plan {
  const { start, destination, path } = route;
  if (path !== undefined && path.length > 0) {
    if (path[0] !== start || path.at(-1) !== destination)
      return refused('BAD_PATH must lead from start to destination');
    return planAlong(map, at, path, speed);
  }
  const point = map.node(start);
  if (point === undefined) return refused(`UNKNOWN_NODE ${start}`);
  const approach = planTo(map, at, start, speed);
  if (!approach.ok) return approach;
  const onward = planTo(map, { point, node: start, leg: null }, destination, speed);
  return onward.ok ? { ok: true, legs: [...approach.legs, ...onward.legs] } : onward;
}

/** To the first of these nodes, then through the others in order. Each must be on the map. */
export function planAlong(map: RoadMap, at: Whereabouts, ids: readonly string[], speed: number): Plan {
  const nodes: MapNode[] = [];
  for (const id of ids) {
    const node = map.node(id);
    if (node === undefined) return refused(`UNKNOWN_NODE ${id}`);
    nodes.push(node);
  }
  const [start] = nodes;
  if (start === undefined) return refused('EMPTY_PATH');
  const approach = planTo(map, at, start.id, speed);
  if (!approach.ok) return approach;
  return { ok: true, legs: [...approach.legs, ...legsThrough(map, nodes, speed)] };
}

/** The quickest way over the map from where it stands to a node. A robot never jumps: it drives to its start too. */
export function planTo(map: RoadMap, at: Whereabouts, id: string, speed: number): Plan {
  if (map.node(id) === undefined) return refused(`UNKNOWN_NODE ${id}`);
  let best: { legs: Leg[]; seconds: number } | undefined;
  for (const entry of entries(map, at, speed)) {
    const path = shortestPath(map, entry.node.id, id, speed);
    if (path === undefined) continue;
    const first = entry.leg === null ? 0 : entry.leg.lengthM / entry.leg.speed;
    const seconds = first + path.seconds;
    if (best !== undefined && best.seconds <= seconds) continue;
    const nodes = path.nodes.map((node) => map.node(node)!);
    best = {
      seconds,
      legs: [...(entry.leg === null ? [] : [entry.leg]), ...legsThrough(map, nodes, speed)],
    };
  }
  return best === undefined ? refused(`NO_ROUTE to ${id}`) : { ok: true, legs: best.legs };
}

/** To a point beside the map: over the map to the node next to it, then straight. */
export function planToPoint(map: RoadMap, at: Whereabouts, point: Point, speed: number): Plan {
  const node = map.nearest(point);
  const plan = planTo(map, at, node.id, speed);
  if (!plan.ok || distance(node, point) === 0) return plan;
  const last = straight(node, point, { fromNode: node.id, toNode: null, speed });
  return { ok: true, legs: [...plan.legs, last] };
}

function entries(map: RoadMap, at: Whereabouts, speed: number): { node: MapNode; leg: Leg | null }[] {
  const here = at.node === null ? undefined : map.node(at.node);
  if (here !== undefined) return [{ node: here, leg: null }];
  if (at.leg === null || (at.leg.fromNode === null && at.leg.toNode === null)) {
    const node = map.nearest(at.point);
    return [{ node, leg: straight(at.point, node, { fromNode: null, toNode: node.id, speed }) }];
  }
  const { leg } = at;
  // A path may be longer than its ends are apart; what is left of it is longer by the same measure.
  const winding = leg.lengthM / (distance(leg.from, leg.to) || 1);
  const ends = [leg.toNode, leg.oneWay ? null : leg.fromNode].flatMap((id) =>
    id === null ? [] : [map.node(id)!],
  );
  return ends.map((node) => ({
    node,
    leg: {
      ...straight(at.point, node, {
        fromNode: node.id === leg.toNode ? leg.fromNode : leg.toNode,
        toNode: node.id,
        speed: leg.speed,
      }),
      lengthM: distance(at.point, node) * winding,
      oneWay: leg.oneWay,
    },
  }));
}

function legsThrough(map: RoadMap, nodes: readonly MapNode[], speed: number): Leg[] {
  return nodes.slice(1).flatMap((to, index) => {
    const from = nodes[index]!;
    if (from.id === to.id) return [];
    const ends = { fromNode: from.id, toNode: to.id };
    const edge = map.edge(from.id, to.id);
    // The gateway's map may know a path that ours does not: it is driven straight.
    if (edge === undefined) return [straight(from, to, { ...ends, speed })];
    const legSpeed = Math.min(speed, edge.maxSpeed);
    return [{ from, to, ...ends, lengthM: edge.lengthM, speed: legSpeed, oneWay: edge.oneWay }];
  });
}

function straight(from: Point, to: Point, rest: Pick<Leg, 'fromNode' | 'toNode' | 'speed'>): Leg {
  return { from, to, ...rest, lengthM: distance(from, to), oneWay: false };
}
