import type { Photo } from './people';

/** Cosines of all pairs of photographs: of one person, and of two. Falling. */
export interface Pairs {
  readonly same: readonly number[];
  readonly other: readonly number[];
}

export function pairsOf(photos: readonly Photo[]): Pairs {
  const same: number[] = [];
  const other: number[] = [];
  for (const [i, a] of photos.entries()) {
    for (const b of photos.slice(i + 1)) {
      // A photograph without a usable face is a miss, not left out: it counts as the least cosine there is.
      const cosine = cosineOf(a.face?.embedding ?? null, b.face?.embedding ?? null);
      (a.person === b.person ? same : other).push(cosine);
    }
  }
  const falling = (x: number, y: number): number => y - x;
  return { same: same.sort(falling), other: other.sort(falling) };
}

/** The cosine that `share` of the pairs of two people lie above. */
export function thresholdAt({ other }: Pairs, share: number): number {
  return other[Math.floor(other.length * share)] ?? 1;
}

export function shareAbove(falling: readonly number[], threshold: number): number {
  return falling.filter((cosine) => cosine > threshold).length / falling.length;
}

/** Of as many pairs of one person as of two, how many are told right. */
export function accuracy(pairs: Pairs, threshold: number): number {
  return (shareAbove(pairs.same, threshold) + 1 - shareAbove(pairs.other, threshold)) / 2;
}

/** The threshold with the best accuracy. */
export function bestThreshold(pairs: Pairs): number {
  const candidates = Array.from({ length: 2_001 }, (_, i) => -1 + i / 1_000);
  return candidates.reduce((best, t) => (accuracy(pairs, t) > accuracy(pairs, best) ? t : best), 0);
}

/** False and true accept rates, one point for each step of the false ones. */
export function roc(
  pairs: Pairs,
  steps = 200,
): { readonly far: number; readonly tar: number; readonly cosine: number }[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    // Even steps of the logarithm, from one pair of all to all.
    const far = (1 / pairs.other.length) ** (1 - i / steps);
    const cosine = thresholdAt(pairs, Math.min(far, 1 - 1 / pairs.other.length));
    return { far, tar: shareAbove(pairs.same, cosine), cosine };
  });
}

export function cosineOf(a: Float32Array | null, b: Float32Array | null): number {
  if (a === null || b === null) return -1;
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
