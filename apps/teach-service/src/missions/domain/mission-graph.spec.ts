import fc from 'fast-check';
import { expandSteps } from './expand-steps';
import { sumMissions } from './mission-graph';
import type { MissionStep } from './steps';

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const made = (type: string, payload: MissionStep['payload'] = {}): MissionStep => ({
  schemaVersion: 1,
  stepId: idOf(999),
  type,
  payload,
  requiredTimeSeconds: 1,
});

const SIZE = 7;
/** Missions of some steps of their own and some references, to any of them or to none that exists. */
const missions = fc
  .array(
    fc.record({
      own: fc.array(fc.constantFrom('hoist', 'grip', 'rotate', 'telescope', 'wait'), { maxLength: 3 }),
      references: fc.array(fc.nat({ max: SIZE }), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: SIZE },
  )
  .map(
    (specs) =>
      new Map(
        specs.map(({ own, references }, index) => {
          const refs = references.map((to) => made('missionRef', { missionId: idOf(to) }));
          return [idOf(index), { steps: [...own.map((type) => made(type, { targetMm: index })), ...refs] }];
        }),
      ),
  );

type Missions = ReadonlyMap<string, { steps: readonly MissionStep[] }>;

/** Said plainly: walk all ways; a mission met on the way to itself is a circle. */
function walk(all: Missions, id: string, path: readonly string[] = []): string[] | 'circle' {
  if (path.includes(id)) return 'circle';
  const found: string[] = [];
  for (const step of all.get(id)?.steps ?? []) {
    if (step.type !== 'missionRef') {
      found.push(step.type);
      continue;
    }
    const below = walk(all, step.payload['missionId'] as string, [...path, id]);
    if (below === 'circle') return 'circle';
    found.push(...below);
  }
  return found;
}

describe('missions that refer to missions', () => {
  it('come to what walking all their references finds, and to nothing when some way leads round', () => {
    fc.assert(
      fc.property(missions, (all) => {
        const sums = sumMissions(all);
        for (const id of all.keys()) {
          const walked = walk(all, id);
          const sum = sums.get(id);
          if (walked === 'circle') {
            expect(sum).toBeUndefined();
            continue;
          }
          expect(sum?.stepCount).toBe(walked.length);
          const needs = {
            hoist: 'hasHoist',
            grip: 'hasGrip',
            rotate: 'hasRotate',
            telescope: 'hasTelescope',
          };
          const needed = walked.flatMap((type) => needs[type as keyof typeof needs] ?? []);
          expect([...(sum?.demands.capabilities ?? [])].sort()).toEqual([...new Set(needed)].sort());
        }
      }),
    );
  });

  it('are written out in the order in which they are done', () => {
    fc.assert(
      fc.property(missions, (all) => {
        for (const [id, { steps }] of all) {
          const walked = walk(all, id);
          if (walked === 'circle') expect(() => expandSteps(steps, all, 10_000)).toThrow(RangeError);
          else expect(expandSteps(steps, all, 10_000).map(({ type }) => type)).toEqual(walked);
        }
      }),
    );
  });

  it('are not written out beyond what may be run, however quickly they double', () => {
    const doubling = new Map(
      Array.from({ length: 40 }, (_, index) => {
        const next = made('missionRef', { missionId: idOf(index + 1) });
        return [idOf(index), { steps: index === 39 ? [made('wait')] : [next, next] }] as const;
      }),
    );
    expect(sumMissions(doubling).get(idOf(0))?.stepCount).toBe(2 ** 39);
    expect(() => expandSteps(doubling.get(idOf(0))!.steps, doubling, 1_000)).toThrow('more than 1000 steps');
  });

  it('are summed up in no time, also 500 of them in a row', () => {
    const row = new Map(
      Array.from({ length: 500 }, (_, index) => [
        idOf(index),
        { steps: [made('hoist', { targetMm: index }), made('missionRef', { missionId: idOf(index + 1) })] },
      ]),
    );
    expect(sumMissions(row).get(idOf(0))).toMatchObject({ stepCount: 500 });
    expect(sumMissions(row).get(idOf(0))?.demands.extremes.get('hoistMm')).toEqual({ min: 0, max: 499 });
  });
});
