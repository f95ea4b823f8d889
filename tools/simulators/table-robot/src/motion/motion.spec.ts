import fc from 'fast-check';
import { DEFAULT_MAP } from '../map/default-map';
import { planTo } from '../map/plan';
import { distance, RoadMap } from '../map/robot-map';
import { unicycle } from './pose';
import { RouteDrive } from './route-drive';
import { Table } from './table';

const map = new RoadMap(DEFAULT_MAP);

function setup(destination: string, speed = 1, turnRate = Math.PI) {
  const table = new Table(map, 'Home');
  const plan = planTo(map, table.whereabouts, destination, speed);
  if (!plan.ok) throw new Error(plan.reason);
  return { table, route: new RouteDrive(plan.legs, turnRate) };
}

describe('driving a route', () => {
  it('takes the time of its length, and of its turns', () => {
    const { table, route } = setup('Kitchen', 0.5);
    expect(table.drive(route, 7.9, () => undefined)).toBe(false);
    expect(table.pose.x).toBeCloseTo(3.95);
    expect(table.drive(route, 0.11, () => undefined)).toBe(true);
    const bend = setup('Office', 1);
    expect(bend.table.drive(bend.route, 0.5 + 2.99, () => undefined)).toBe(false);
    expect(bend.table.drive(bend.route, 0.02, () => undefined)).toBe(true);
  });

  it('passes the nodes in order and knows the last', () => {
    const { table, route } = setup('Bedroom');
    const passed: string[] = [];
    table.drive(route, 5, (node) => passed.push(node));
    expect([table.lastNode, table.whereabouts.node]).toEqual([passed.at(-1), null]);
    table.drive(route, 60, (node) => passed.push(node));
    expect(passed).toHaveLength(3);
    expect([passed.at(-1), table.lastNode, table.whereabouts.node]).toEqual([
      'Bedroom',
      'Bedroom',
      'Bedroom',
    ]);
  });

  it('never jumps, and comes to the same place in small steps as in large ones', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...map.nodeIds),
        fc.array(fc.double({ min: 0.001, max: 3, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (destination, steps) => {
          const small = setup(destination, 0.8);
          for (const seconds of steps) {
            const before = small.table.pose;
            small.table.drive(small.route, seconds, () => undefined);
            expect(distance(before, small.table.pose)).toBeLessThanOrEqual(0.8 * seconds + 1e-9);
          }
          const large = setup(destination, 0.8);
          large.table.drive(
            large.route,
            steps.reduce((sum, seconds) => sum + seconds, 0),
            () => undefined,
          );
          expect(distance(small.table.pose, large.table.pose)).toBeLessThan(1e-6);
        },
      ),
    );
  });
});

describe('driving by hand', () => {
  const origin = { x: 0, y: 0, headingRad: 0 };

  it('is straight without turning, and an arc with it', () => {
    expect(unicycle(origin, 0.5, 0, 4)).toEqual({ x: 2, y: 0, headingRad: 0 });
    const half = unicycle(origin, Math.PI / 2, Math.PI / 2, 1);
    expect([half.x, half.y, half.headingRad].map((value) => value.toFixed(6))).toEqual([
      '1.000000',
      '1.000000',
      (Math.PI / 2).toFixed(6),
    ]);
    const back = unicycle(origin, 1, 1, 2 * Math.PI);
    expect(distance(back, origin)).toBeLessThan(1e-9);
  });

  it('leaves the path, and is at a node again when it comes by one', () => {
    const table = new Table(map, 'Home');
    table.roll(1, 0, 3.8);
    expect(table.whereabouts).toMatchObject({ node: null, leg: null });
    expect([table.lookAround(), table.lastNode]).toEqual([true, 'Kitchen']);
    expect(table.lookAround()).toBe(false);
  });
});
