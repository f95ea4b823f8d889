import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { checkSteps } from '../missions/domain/check-steps';
import { MISSION_STEP_TYPES, type MissionStep } from '../missions/domain/steps';
import { stepSchema } from './step-schema';

const ajv = addFormats(new Ajv2020({ strict: true, strictRequired: false, allErrors: true }));
const valid = ajv.compile(stepSchema());
const ID = '11111111-1111-4111-8111-111111111111';

/** Values that are right somewhere, and some that are right nowhere. */
const value = fc.constantFrom<unknown>(
  'open',
  'position',
  '',
  'x'.repeat(300),
  'Kitchen',
  ID,
  0,
  -1.5,
  12,
  true,
  [],
  {},
);
const destination = fc.dictionary(fc.constantFrom('nodeId', 'pointId', 'x', 'y', 'other'), value, {
  maxKeys: 3,
});
const payload = fc.record(
  {
    destination: fc.oneof(destination, value),
    mapVersionId: value,
    speed: value,
    target: value,
    positionMm: value,
    targetDeg: value,
    targetMm: value,
    reason: value,
    missionId: value,
    args: value,
  },
  { requiredKeys: [] },
);
const time = fc.constantFrom<number | undefined>(undefined, 0, 2.5, -1, 86_400, 86_401);
const step = fc
  .tuple(fc.constantFrom<string>(...MISSION_STEP_TYPES, 'dance'), payload, time)
  .map(([type, some, requiredTimeSeconds]): MissionStep => ({
    schemaVersion: 1,
    stepId: ID,
    type,
    payload: some,
    ...(requiredTimeSeconds !== undefined && { requiredTimeSeconds }),
  }));

describe('the step catalogue', () => {
  it('is a valid JSON Schema with every type of step', () => {
    expect(ajv.validateSchema(stepSchema())).toBe(true);
    expect(Object.keys(stepSchema()['$defs'] as object).sort()).toEqual([...MISSION_STEP_TYPES].sort());
  });

  it('takes exactly the steps that can be published', () => {
    let good = 0;
    fc.assert(
      fc.property(step, (one) => {
        const faults = checkSteps([one]);
        // A drive's time is not asked for, and so not looked at.
        expect([valid(one), one]).toEqual([faults.length === 0, one]);
        if (faults.length === 0) good += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(good).toBeGreaterThan(20);
  });
});
