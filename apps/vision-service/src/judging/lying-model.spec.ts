import fc from 'fast-check';
import { ModelUnavailable } from '../model/vision-model';
import type { Attempt } from './attempt';
import { isComplete, SIDES } from './counts';
import {
  isAway,
  judge,
  namedViews,
  nameOf,
  refuses,
  ScriptedModel,
  type Line,
} from '../testing/scripted-model.spec-support';

const count = fc.oneof(
  { weight: 12, arbitrary: fc.nat(1) },
  { weight: 6, arbitrary: fc.nat(4) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0.5, 101, 1e9, NaN, null, '2') },
);
const counts = fc.oneof(
  fc.record({ left: count, right: count }),
  // Alike often enough for lies that fit together.
  fc.constantFrom({ left: 1, right: 0 }, { left: 0, right: 1 }),
);
const lie: fc.Arbitrary<Line> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ start: counts, end: counts, moved: fc.record({ l_to_r: count, r_to_l: count }) }),
  },
  { weight: 4, arbitrary: counts },
  { weight: 1, arbitrary: fc.string() },
  {
    weight: 1,
    arbitrary: fc.tuple(counts, counts).map((two) => two.map((one) => JSON.stringify(one)).join(' or ')),
  },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.constant(undefined).map(refuses) },
  { weight: 1, arbitrary: fc.constant(undefined).map(isAway) },
);
const camera = fc.record({ start: fc.integer({ min: 1, max: 5 }), end: fc.integer({ min: 1, max: 5 }) });

/** The rules, said again without the code that is under test. */
function mayPay({ views }: Attempt, cameras: readonly string[]): number {
  let moved = 0;
  for (const name of cameras) {
    const seen = views[name];
    if (!isComplete(seen)) return 0;
    const { start, end } = seen;
    for (const number of [start.left, start.right, end.left, end.right]) {
      if (!Number.isInteger(number) || number < 0 || number > 100) return 0;
    }
    if (start.left + start.right !== end.left + end.right) return 0;
    moved += Math.abs(end.left - start.left);
  }
  return moved * 100;
}

describe('a model that lies at random', () => {
  it('never causes a payment that the rules forbid', async () => {
    let paid = 0;
    let unpaid = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(camera, { minLength: 1, maxLength: 3 }),
        fc.array(lie, { minLength: 1, maxLength: 24 }),
        async (cameras, lies) => {
          const views = namedViews(
            Object.fromEntries(cameras.map((frames, index) => [`cam${index}`, frames])),
          );
          const model = new ScriptedModel((_, nth) => lies[nth % lies.length]!);
          const askedBy: number[] = [];
          const onAttempt = () => askedBy.push(model.asked.length);
          const result = await judge(views, model, { onAttempt }).catch((error: unknown) => {
            if (error instanceof ModelUnavailable) return undefined;
            throw error;
          });
          if (result === undefined) return;
          const names = [...views.keys()];
          const { rewardPoints, status, final, attempts } = result;
          expect(rewardPoints).toBe(final.verdict.abnormal ? 0 : mayPay(final, names));
          expect(status).toBe(rewardPoints > 0 ? 'success' : 'failed');
          // An earlier attempt that was consistent would have decided.
          for (const earlier of attempts.slice(0, -1)) expect(earlier.verdict.abnormal).toBe(true);
          expect(attempts.length).toBeLessThanOrEqual(3);
          // The vote looks at no frame twice, and at none that is alone: both models have looked at it.
          const voted = model.asked
            .slice(askedBy[1] ?? model.asked.length)
            .flatMap(({ frames }) => frames.map(nameOf));
          expect(new Set(voted).size).toBe(voted.length);
          for (const [name, sides] of views) {
            for (const side of SIDES)
              if (sides[side].length === 1) expect(voted).not.toContain(`${name}-${side}-0`);
          }
          if (rewardPoints > 0) paid += 1;
          else unpaid += 1;
        },
      ),
      { numRuns: 1_000 },
    );
    // Both happened, or the property said nothing.
    expect(paid).toBeGreaterThan(20);
    expect(unpaid).toBeGreaterThan(20);
  });
});
