import fc from 'fast-check';
import { checkSteps } from './check-steps';
import { MISSION_STEP_TYPES, stepOfIntent, type MissionStep } from './steps';

const MISSION = '11111111-1111-4111-8111-111111111111';
const of = (type: string, payload: MissionStep['payload'], requiredTimeSeconds?: number): MissionStep => ({
  schemaVersion: 1,
  stepId: MISSION,
  type,
  payload,
  ...(requiredTimeSeconds !== undefined && { requiredTimeSeconds }),
});
const found = (step: MissionStep) => checkSteps([step]).map(({ path, code }) => `${path.slice(8)} ${code}`);

describe('a step', () => {
  it.each<[string, MissionStep['payload']]>([
    ['moveToPoint', { destination: { nodeId: 'Kitchen' } }],
    ['moveToPoint', { destination: { pointId: 'p1' }, mapVersionId: MISSION, speed: 0.5 }],
    ['moveToPoint', { destination: { x: 0, y: -2.5 }, note: 'further fields are let be' }],
    ['grip', { target: 'open' }],
    ['grip', { target: 'position', positionMm: 0 }],
    ['rotate', { targetDeg: -90 }],
    ['telescope', { targetMm: 600 }],
    ['hoist', { targetMm: 900 }],
    ['wait', {}],
    ['wait', { reason: 'stabilize' }],
    ['missionRef', { missionId: MISSION }],
    ['missionRef', { missionId: MISSION, args: { speed: 'slow' } }],
  ])('%s %j is good', (type, payload) => {
    expect(found(of(type, payload, type === 'moveToPoint' ? undefined : 0))).toEqual([]);
  });

  it.each<[string, MissionStep['payload'], string[]]>([
    ['moveToPoint', {}, ['payload.destination']],
    ['moveToPoint', { destination: {} }, ['payload.destination']],
    ['moveToPoint', { destination: { nodeId: 'A', pointId: 'B' } }, ['payload.destination']],
    ['moveToPoint', { destination: { x: 1 } }, ['payload.destination.y']],
    ['moveToPoint', { destination: { x: '1', y: null } }, ['payload.destination.x', 'payload.destination.y']],
    ['moveToPoint', { destination: { nodeId: '' } }, ['payload.destination.nodeId']],
    [
      'moveToPoint',
      { destination: { nodeId: 7 }, mapVersionId: 'v1', speed: 0 },
      ['payload.mapVersionId', 'payload.speed', 'payload.destination.nodeId'],
    ],
    ['grip', {}, ['payload.target']],
    ['grip', { target: 'position' }, ['payload.positionMm']],
    ['rotate', { targetDeg: '90' }, ['payload.targetDeg']],
    ['telescope', { targetDeg: 90 }, ['payload.targetMm']],
    ['hoist', { targetMm: null }, ['payload.targetMm']],
    ['wait', { reason: 7 }, ['payload.reason']],
    ['missionRef', { missionId: 'x', args: [] }, ['payload.missionId', 'payload.args']],
  ])('%s %j is faulty at %j', (type, payload, paths) => {
    expect(found(of(type, payload, 1))).toEqual(paths.map((path) => `${path} step_payload_invalid`));
  });

  it.each([undefined, -1, Number.NaN, Infinity, 86_401])(
    'other than moveToPoint cannot take %p seconds',
    (seconds) => {
      expect(found(of('wait', {}, seconds))).toEqual(['requiredTimeSeconds step_time_required']);
      expect(found(of('moveToPoint', { destination: { nodeId: 'A' } }, seconds))).toEqual([]);
    },
  );

  it.each(['dance', 'MOVETOPOINT', 'constructor', '__proto__'])('of type %s is unknown', (type) => {
    expect(found(of(type, {}))).toEqual(['type step_type_unknown']);
  });

  it('can be anything without being more than faulty', () => {
    const type = fc.oneof(fc.constantFrom(...MISSION_STEP_TYPES), fc.string());
    fc.assert(
      fc.property(type, fc.dictionary(fc.string(), fc.jsonValue()), (name, payload) => {
        for (const { path, code } of checkSteps([of(name, payload)])) {
          expect(path).toMatch(/^steps\.0\./);
          expect(code).toMatch(/^step_/);
        }
      }),
    );
  });
});

describe('an intent', () => {
  it('becomes a step when it has the shape of one', () => {
    const intent = { type: 'hoist', payload: { targetMm: 5 }, requiredTimeSeconds: 2 };
    expect(stepOfIntent(intent, MISSION)).toEqual(of('hoist', { targetMm: 5 }, 2));
    expect(stepOfIntent({ type: 'dance' }, MISSION)).toEqual(of('dance', {}));
    expect(stepOfIntent({ ...intent, requiredTimeSeconds: 'two' }, MISSION)).toEqual(
      of('hoist', { targetMm: 5 }),
    );
  });

  it.each([{}, { type: '' }, { type: 7 }, { type: 'x'.repeat(65) }, { type: 'wait', payload: [] }])(
    'of the shape %j is none',
    (intent) => expect(stepOfIntent(intent, MISSION)).toBeUndefined(),
  );
});
