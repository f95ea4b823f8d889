import fc from 'fast-check';
import type { MissionStep } from '../../missions/domain/steps';
import type { Said } from './said';
import { stepOf, withTaught, type Wanted } from './taught-steps';

const said = (payload: Said['payload'], sampleId = 's1'): Said => ({
  ...{ robotId: 'table1', sampleId, ts: 1, storedAt: 1, seq: 1 },
  payload,
});

describe('a step that an operator wants', () => {
  it('is what he says, named by the message', () => {
    const intent = { type: 'grip', payload: { target: 'close' }, requiredTimeSeconds: 2 };
    expect(stepOf(said({ intent }))).toEqual({
      schemaVersion: 1,
      stepId: 's1',
      type: 'grip',
      requiredTimeSeconds: 2,
      payload: { target: 'close' },
    });
  });

  it.each([
    ['the node it is at', { nodeId: 'Kitchen', poseX: 1, poseY: 2 }, { nodeId: 'Kitchen' }],
    ['the place it is at, on no node', { poseX: 1, poseY: 2 }, { x: 1, y: 2 }],
  ])('is to go to %s when he names no destination', (_, where, destination) => {
    expect(stepOf(said({ ...where, intent: { type: 'moveToPoint' } }))?.payload).toEqual({ destination });
  });

  it('goes where he says when he names a destination', () => {
    const payload = { destination: { nodeId: 'Door' } };
    const wish = said({ nodeId: 'Kitchen', intent: { type: 'moveToPoint', payload } });
    expect(stepOf(wish)?.payload).toEqual(payload);
  });

  it('is none when nothing is wanted', () => {
    expect(stepOf(said({ nodeId: 'Kitchen' }))).toBeUndefined();
  });
});

describe('the steps of a draft', () => {
  const step = (stepId: string): MissionStep => ({ schemaVersion: 1, stepId, type: 'wait', payload: {} });
  const add = (steps: readonly MissionStep[], id: string, known: ReadonlyMap<string, Wanted>) =>
    withTaught(steps, step(id), known.get(id)!, known);

  it('are in the order in which they were wanted, in whatever order and how often they come', () => {
    const wishes = fc.uniqueArray(fc.record({ ts: fc.nat(5), seq: fc.nat(50) }), {
      selector: ({ seq }) => seq,
      maxLength: 12,
    });
    fc.assert(
      fc.property(wishes, fc.infiniteStream(fc.nat()), (wanted, picks) => {
        const known = new Map(wanted.map((wish) => [`s${wish.seq}`, wish]));
        const coming = [...known.keys(), ...known.keys()]
          .map((id) => ({ id, at: picks.next().value as number }))
          .sort((a, b) => a.at - b.at);
        const steps = coming.reduce<readonly MissionStep[]>((all, { id }) => add(all, id, known), []);
        const sorted = [...wanted].sort((a, b) => a.ts - b.ts || a.seq - b.seq);
        expect(steps.map(({ stepId }) => stepId)).toEqual(sorted.map(({ seq }) => `s${seq}`));
      }),
    );
  });

  it('stay where a person put them', () => {
    const known = new Map([
      ['a', { ts: 1, seq: 1 }],
      ['b', { ts: 2, seq: 2 }],
      ['c', { ts: 3, seq: 3 }],
    ]);
    const edited = [step('b'), step('written by hand'), step('a')];
    expect(add(edited, 'c', known).map(({ stepId }) => stepId)).toEqual(['b', 'written by hand', 'a', 'c']);
  });
});
