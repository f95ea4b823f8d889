import { accuracy, bestThreshold, pairsOf, roc, shareAbove, thresholdAt, type Pairs } from './pairs';
import type { Photo } from './people';
import { random, shuffled } from './random';
import type { Curve } from './roc-files';

export interface CalibrationResult {
  readonly lines: readonly string[];
  readonly curves: readonly Curve[];
  /** Cosine that one pair in a hundred of two people reaches. */
  readonly oneInHundred: number;
  /** Of the people that the threshold was not taken from. */
  readonly checked: { readonly accuracy: number; readonly tar: number; readonly far: number };
}

/** Thresholds from half of the people, and how good they are on the others. */
export function calibrate(photos: readonly Photo[]): CalibrationResult {
  const people = shuffled([...new Set(photos.map((photo) => photo.person))], random(1));
  const chosen = new Set(people.slice(0, Math.ceil(people.length / 2)));
  const calibration = pairsOf(photos.filter((photo) => chosen.has(photo.person)));
  const check = pairsOf(photos.filter((photo) => !chosen.has(photo.person)));
  const best = bestThreshold(calibration);
  const oneInHundred = thresholdAt(calibration, 0.01);
  const perDecade = thresholdAt(calibration, 0.001) - oneInHundred;
  const checked = {
    accuracy: accuracy(check, best),
    tar: shareAbove(check.same, oneInHundred),
    far: shareAbove(check.other, oneInHundred),
  };
  const unusable = photos.filter((photo) => !photo.face?.embedding).length;
  const lines = [
    `${photos.length} photographs of ${people.length} people; ${unusable} without a face good enough to embed (they count as missed)`,
    `calibration: ${describe(calibration)}`,
    `  one pair in a hundred above ${oneInHundred.toFixed(4)}, a decade is ${perDecade.toFixed(4)}, best accuracy at ${best.toFixed(3)}`,
    `check: ${describe(check)}`,
    `  with the thresholds of the others: accuracy ${percent(checked.accuracy)}; TAR ${percent(checked.tar)} at FAR ${percent(checked.far)}`,
    `  at its own: TAR ${[0.01, 0.001].map((far) => `${percent(shareAbove(check.same, thresholdAt(check, far)))} at ${percent(far)}`).join(', ')}`,
  ];
  const curves: Curve[] = [
    { name: 'calibration', colour: '#888', points: roc(calibration) },
    { name: 'people the calibration never saw', colour: '#06c', points: roc(check) },
  ];
  return { lines, curves, oneInHundred, checked };
}

function describe({ same, other }: Pairs): string {
  return `${same.length} pairs of one person, ${other.length} of two`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
