import fc from 'fast-check';
import type { TaskStep } from '@teleop/contracts';
import { chooseRobot, type Candidate } from './choose-robot';
import { checkSteps } from './check-steps';
import { canServe, demandsOf, exceededLimits, missingCapabilities } from './demands';
import { timeoutOf } from './step-time';
import { tourOf } from './tour';

const step = (
  type: TaskStep['type'],
  payload: Record<string, unknown>,
  requiredTimeSeconds = 1,
): TaskStep => ({
  stepId: '7c4a8d09-1f2e-4b6a-8c3d-5e6f7a8b9c0d',
  type,
  payload,
  requiredTimeSeconds,
});

describe('what steps ask of a robot', () => {
  it('is every capability of their types, and of the mission', () => {
    const steps = [step('grip', { target: 'open' }), step('rotate', { targetDeg: 90 })];
    const demands = demandsOf(steps, ['hasHoist']);
    expect(demands.capabilities).toEqual(['hasGrip', 'hasRotate', 'hasHoist']);
    expect(missingCapabilities(demands, { capabilities: { hasGrip: true }, limits: {} })).toEqual([
      'hasRotate',
      'hasHoist',
    ]);
  });

  it('is within limits exactly when each step is', () => {
    const range = fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 0, max: 500 }));
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -900, max: 900 }), { minLength: 1 }),
        range,
        (targets, [min, span]) => {
          const limits = { hoistMm: { min, max: min + span } };
          const robot = { capabilities: { hasHoist: true }, limits };
          const demands = demandsOf(
            targets.map((targetMm) => step('hoist', { targetMm })),
            [],
          );
          const fits = targets.every((target) => target >= min && target <= min + span);
          expect(canServe(demands, robot)).toBe(fits);
          expect(exceededLimits(demands, robot)).toHaveLength(fits ? 0 : 1);
        },
      ),
    );
  });

  it('has no limits where the robot has none, and none for a grip that opens', () => {
    const demands = demandsOf([step('telescope', { targetMm: 9_999 }), step('grip', { target: 'open' })], []);
    const capabilities = { hasTelescope: true, hasGrip: true };
    expect(canServe(demands, { capabilities, limits: { gripMm: { min: 10, max: 20 } } })).toBe(true);
  });
});

describe('the payloads of steps', () => {
  const good: TaskStep[] = [
    step('moveToPoint', { destination: { nodeId: 'A' } }),
    step('moveToPoint', { mapVersionId: 'm', destination: { pointId: 'p' } }),
    step('moveToPoint', { destination: { x: 0, y: -1.5 } }),
    step('grip', { target: 'close' }),
    step('grip', { target: 'position', positionMm: 50 }),
    step('rotate', { targetDeg: -90 }),
    step('telescope', { targetMm: 600 }),
    step('hoist', { targetMm: 900 }),
    step('wait', { reason: 'stabilize' }),
  ];
  it('are all taken that the catalogue has', () => expect(checkSteps(good)).toEqual([]));

  it.each<[string, TaskStep]>([
    ['payload.destination', step('moveToPoint', {})],
    ['payload.destination', step('moveToPoint', { destination: {} })],
    ['payload.destination', step('moveToPoint', { destination: { nodeId: 'A', x: 1, y: 1 } })],
    ['payload.destination.nodeId', step('moveToPoint', { destination: { nodeId: '' } })],
    ['payload.destination.y', step('moveToPoint', { destination: { x: 1 } })],
    ['payload.target', step('grip', { target: 'hold' })],
    ['payload.positionMm', step('grip', { target: 'position' })],
    ['payload.targetDeg', step('rotate', { targetDeg: NaN })],
    ['payload.targetMm', step('hoist', { targetMm: '900' })],
    ['requiredTimeSeconds', { ...step('wait', {}), requiredTimeSeconds: null }],
  ])('are refused with the place of the fault: %s', (path, faulty) => {
    expect(checkSteps([good[0]!, faulty]).map((fault) => fault.path)).toEqual([`steps.1.${path}`]);
  });
});

describe('the robot that would be done first', () => {
  it('is the nearest; one of which nobody knows where it is comes last; equals go by id', () => {
    const at = (robotId: string, travelSeconds?: number): Candidate => ({ robotId, travelSeconds });
    expect(chooseRobot([])).toBeUndefined();
    expect(chooseRobot([at('b'), at('a')])).toBe('a');
    expect(chooseRobot([at('a'), at('b', 900), at('c', 30)])).toBe('c');
    expect(chooseRobot([at('d', 30), at('c', 30)])).toBe('c');
  });
});

describe('how long a step may take', () => {
  const limits = { travelSeconds: 120, factor: 2, marginSeconds: 10 };
  it('comes from the map for drives and from the mission for the rest', () => {
    expect(timeoutOf(step('hoist', {}, 3), undefined, limits)).toBe(16);
    expect(timeoutOf(step('moveToPoint', {}, 0), 12.3, limits)).toBe(35);
    expect(timeoutOf(step('moveToPoint', {}, 100), 12.3, limits)).toBe(210);
    expect(timeoutOf({ type: 'moveToPoint' }, undefined, limits)).toBe(250);
  });
});

it('leads to the nodes of its drives, the first twenty', () => {
  const drives = Array.from({ length: 30 }, (_, at) =>
    step('moveToPoint', { destination: { nodeId: `n${at}` } }),
  );
  const other = step('moveToPoint', { destination: { x: 1, y: 2 } });
  expect(tourOf([other, step('wait', {}), ...drives])).toEqual(
    Array.from({ length: 20 }, (_, at) => `n${at}`),
  );
});
