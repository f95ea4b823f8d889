import { DEFAULT_MAP } from './default-map';
import { planAlong, planRoute, planTo, planToPoint, type Plan, type Whereabouts } from './plan';
import { BadMapError, parseMap, RoadMap } from './robot-map';

const map = new RoadMap(DEFAULT_MAP);
const at = (node: string): Whereabouts => ({ point: map.node(node)!, node, leg: null });
const nodes = (plan: Plan) => (plan.ok ? plan.legs.map(({ toNode }) => toNode) : plan.reason);

describe('a plan', () => {
  it('goes to its start first, then the quickest way to its destination', () => {
    const plan = planRoute(map, at('Office'), { start: 'Home', destination: 'Living Room' }, 1);
    expect(nodes(plan)).toEqual(['Home', 'Office', 'Living Room']);
  });

  it('drives the path it is given', () => {
    const path = ['Home', 'Kitchen', 'Living Room'];
    const plan = planRoute(map, at('Home'), { start: 'Home', destination: 'Living Room', path }, 1);
    expect(nodes(plan)).toEqual(['Kitchen', 'Living Room']);
  });

  it('is refused, with the reason, when it cannot be', () => {
    const route = (start: string, destination: string, path?: string[]) =>
      nodes(planRoute(map, at('Home'), { start, destination, path }, 1));
    expect(route('Attic', 'Home')).toBe('UNKNOWN_NODE Attic');
    expect(route('Home', 'Attic')).toBe('UNKNOWN_NODE Attic');
    expect(route('Home', 'Kitchen', ['Home', 'Attic', 'Kitchen'])).toBe('UNKNOWN_NODE Attic');
    expect(route('Home', 'Kitchen', ['Office', 'Kitchen'])).toMatch(/^BAD_PATH/);
    const split = new RoadMap({
      name: 'split',
      nodes: [
        { id: 'a', x: 0, y: 0 },
        { id: 'b', x: 1, y: 0 },
      ],
      paths: [],
    });
    expect(nodes(planTo(split, { point: { x: 0, y: 0 }, node: 'a', leg: null }, 'b', 1))).toBe(
      'NO_ROUTE to b',
    );
  });

  it('keeps to limits of speed, lengths and one-way paths', () => {
    const ring = new RoadMap({
      name: 'ring',
      nodes: [
        { id: 'a', x: 0, y: 0 },
        { id: 'b', x: 10, y: 0 },
        { id: 'c', x: 5, y: 5 },
      ],
      paths: [
        { id: 'ab', from: 'a', to: 'b', speed: 0.1 },
        { id: 'ac', from: 'a', to: 'c', length: 20 },
        { id: 'bc', from: 'c', to: 'b', oneWay: true },
      ],
    });
    const from = (node: string) => ({ point: ring.node(node)!, node, leg: null });
    const there = planTo(ring, from('a'), 'b', 1);
    expect(nodes(there)).toEqual(['c', 'b']);
    expect(there.ok && there.legs[0]).toMatchObject({ lengthM: 20, speed: 1 });
    expect(nodes(planTo(ring, from('b'), 'c', 1))).toEqual(['a', 'c']);
  });

  it('from the middle of a path leads over the nearer good end of it, never backwards on a one-way path', () => {
    const leg = (oneWay: boolean): Whereabouts => ({
      point: { x: 1, y: 0 },
      node: null,
      leg: {
        from: map.node('Home')!,
        to: map.node('Kitchen')!,
        fromNode: 'Home',
        toNode: 'Kitchen',
        lengthM: 8,
        speed: 1,
        oneWay,
      },
    });
    const back = planTo(map, leg(false), 'Home', 1);
    expect(back.ok && back.legs.map(({ toNode, lengthM }) => [toNode, lengthM])).toEqual([['Home', 2]]);
    expect(nodes(planTo(map, leg(true), 'Home', 1))).toEqual(['Kitchen', 'Home']);
  });

  it('from beside the map begins at the nearest node, and ends beside it straight', () => {
    const lost: Whereabouts = { point: { x: 4.5, y: -1 }, node: null, leg: null };
    expect(nodes(planTo(map, lost, 'Living Room', 1))).toEqual(['Kitchen', 'Living Room']);
    expect(nodes(planToPoint(map, at('Kitchen'), { x: 8, y: 4 }, 1))).toEqual([
      'Living Room',
      'Bedroom',
      null,
    ]);
  });

  it('drives straight where the gateway knows a path that this map does not', () => {
    const plan = planAlong(map, at('Home'), ['Home', 'Bedroom'], 0.8);
    expect(plan.ok && plan.legs[0]!.lengthM).toBeCloseTo(Math.hypot(8, 3));
  });
});

describe('a map file', () => {
  it.each([
    ['{', /^not JSON/],
    ['{}', /^nodes must be a list/],
    ['{"nodes":[],"paths":[]}', /^nodes: a map needs/],
    ['{"nodes":[null],"paths":[]}', /^nodes\[0\]\.id/],
    ['{"nodes":[{"id":"a","x":"1","y":0}],"paths":[]}', /^nodes\[0\]: x and y/],
    [
      '{"nodes":[{"id":"a","x":1,"y":0},{"id":"a","x":1,"y":0}],"paths":[]}',
      /^nodes\[1\]\.id: a is there twice/,
    ],
    ['{"nodes":[{"id":"a","x":1,"y":0}],"paths":[{"id":"p","from":"a","to":"b"}]}', /^paths\[0\]\.to/],
    [
      '{"nodes":[{"id":"a","x":1,"y":0}],"paths":[{"id":"p","from":"a","to":"a","speed":0}]}',
      /^paths\[0\]\.speed/,
    ],
  ])('is refused with the place of the error: %s', (text, message) => {
    expect(() => parseMap(text)).toThrow(BadMapError);
    expect(() => parseMap(text)).toThrow(message);
  });
});
