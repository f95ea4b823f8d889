import type { TaskStep } from '@teleop/contracts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
// Compiled from the schema that the VDA published, by the authors of this package.
import { validateOrder } from 'vda-5050-lib/common/vda-5050-validators-2.0.js';
import { legsOf } from '../../plans/domain/legs';
import { vda5050Order, type WayOf } from './vda5050-order';

const HEADER = {
  timestamp: '2026-01-16T10:00:00.000Z',
  manufacturer: 'teleop',
  serialNumber: 'table1',
  orderId: 'o-1',
  mapId: 'default',
};
const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
let steps = 0;
const step = (type: string, payload: object, requiredTimeSeconds = 2): TaskStep =>
  ({ stepId: idOf((steps += 1)), type, payload, requiredTimeSeconds }) as TaskStep;
const move = (nodeId: string, more: object = {}) => step('moveToPoint', { destination: { nodeId }, ...more });
const NO_MAP: WayOf = () => undefined;

function orderOf(some: readonly TaskStep[], start?: string, wayOf: WayOf = NO_MAP) {
  return vda5050Order(HEADER, legsOf(some, start), wayOf);
}

const SCHEMAS = path.join(__dirname, '../../../vda5050-schema/v1.1');
const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(path.join(SCHEMAS, `${name}.schema.json`), 'utf8')) as object;
// They carry keywords that are for people: documentVersion, subtopic.
const ajv = addFormats(new Ajv({ strict: false, schemas: [schemaOf('common')] }));
const validateOrder11 = ajv.compile(schemaOf('order'));

/** Of both versions of the schema that are at hand. */
function faultsOf(order: object): unknown[] {
  const json: unknown = JSON.parse(JSON.stringify(order));
  return [validateOrder, validateOrder11].flatMap((validate) =>
    validate(json) ? [] : [...(validate.errors ?? [])],
  );
}

const anyStep = fc.oneof(
  fc.constantFrom('A', 'B', 'C').map((nodeId) => move(nodeId)),
  fc
    .record({ x: fc.integer(), y: fc.double({ noNaN: true, noDefaultInfinity: true }) })
    .map((destination) => step('moveToPoint', { destination, speed: 0.5 })),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((targetMm) => step('hoist', { targetMm })),
  fc.constant(step('grip', { target: 'open', nested: { a: [1] }, nothing: null })),
  fc.constant(step('wait', {})),
);

describe('a VDA 5050 order', () => {
  it('drives along the map and does everything else at the node where the robot then is', () => {
    const way = { nodeIds: ['A', 'B', 'C'], pathIds: ['ab', 'bc'] };
    const [lift, go, hold] = [step('hoist', { targetMm: 5 }), move('C', { speed: 0.5 }), step('wait', {}, 3)];
    const order = orderOf([lift, go, hold], 'A', () => way);
    const node = (nodeId: string, sequenceId: number, actions: object[] = []) => ({
      nodeId,
      sequenceId,
      released: true,
      actions,
    });
    const action = ({ stepId }: TaskStep, actionType: string, parameters: object) => ({
      actionId: stepId,
      actionType,
      blockingType: 'HARD',
      actionParameters: Object.entries(parameters).map(([key, value]) => ({ key, value })),
    });
    expect(order.nodes).toEqual([
      node('A', 0, [action(lift, 'hoist', { targetMm: 5, requiredTimeSeconds: 2 })]),
      node('B', 2),
      node('C', 4, [action(hold, 'wait', { requiredTimeSeconds: 3 })]),
    ]);
    const edge = (edgeId: string, sequenceId: number, startNodeId: string, endNodeId: string) => ({
      edgeId,
      sequenceId,
      released: true,
      startNodeId,
      endNodeId,
      maxSpeed: 0.5,
      actions: [],
    });
    expect(order.edges).toEqual([edge('ab', 1, 'A', 'B'), edge('bc', 3, 'B', 'C')]);
    expect(faultsOf(order)).toEqual([]);
  });

  it('does not drive to where the robot is', () => {
    const there = { nodeIds: ['A'], pathIds: [] };
    for (const wayOf of [NO_MAP, () => there]) {
      expect(orderOf([move('A'), step('wait', {})], 'A', wayOf)).toMatchObject({
        nodes: [{ nodeId: 'A', actions: [{ actionType: 'wait' }] }],
        edges: [],
      });
    }
  });

  it('gives every action its own id, also of a mission that was referred to twice', () => {
    const twice = step('wait', {});
    const { nodes } = orderOf([twice, twice, twice]);
    const ids = nodes.flatMap(({ actions }) => actions.map(({ actionId }) => actionId));
    expect(ids).toEqual([twice.stepId, `${twice.stepId}-2`, `${twice.stepId}-3`]);
  });

  it('holds the published schema, and alternates nodes and edges, whatever the steps are', () => {
    const wayOf: WayOf = (from, to) =>
      from === 'B' ? undefined : { nodeIds: from === to ? [from] : [from, 'via', to], pathIds: ['p', 'q'] };
    fc.assert(
      fc.property(
        fc.array(anyStep, { maxLength: 12 }),
        fc.option(fc.constant('A'), { nil: undefined }),
        (some, start) => {
          const order = orderOf(some, start, wayOf);
          expect(faultsOf(order)).toEqual([]);
          expect(order.nodes.map(({ sequenceId }) => sequenceId)).toEqual(
            order.nodes.map((_, index) => 2 * index),
          );
          expect(order.edges).toHaveLength(order.nodes.length - 1);
          order.edges.forEach(({ sequenceId, startNodeId, endNodeId }, index) => {
            expect([sequenceId, startNodeId, endNodeId]).toEqual([
              2 * index + 1,
              order.nodes[index]?.nodeId,
              order.nodes[index + 1]?.nodeId,
            ]);
          });
          const actions = order.nodes.flatMap((node) => node.actions);
          expect(actions).toHaveLength(some.filter(({ type }) => type !== 'moveToPoint').length);
        },
      ),
    );
  });

  it('would be refused by the schema without what it must have', () => {
    const { orderId: _, ...lacking } = orderOf([move('A')]);
    expect(faultsOf(lacking)).toHaveLength(2);
  });
});
