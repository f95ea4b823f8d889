import type { DetectedFace } from '../engine/engine';
import type { Gallery } from '../gallery/gallery';

export interface MatchRules {
  /** Cosine that makes somebody a student. */
  readonly threshold: number;
  /** By how much the best student has to be better than the second. */
  readonly margin: number;
  /** null: not asked for. */
  readonly livenessMin: number | null;
  /** A cosine as the confidence that callers see, 0–1. */
  readonly confidenceOf: (similarity: number) => number;
}

export type Verdict =
  | { readonly kind: 'student'; readonly student: number; readonly confidence: number }
  | { readonly kind: 'stranger' | 'unclear' | 'not_alive' };

/** Who a face is, among the students of one session. */
export class FaceMatcher {
  constructor(
    private readonly gallery: Gallery,
    private readonly rules: MatchRules,
  ) {}

  judge(face: DetectedFace): Verdict {
    const { threshold, margin, livenessMin, confidenceOf } = this.rules;
    if (face.embedding === null) return { kind: 'unclear' };
    // Asked for and not known is as bad as not alive.
    if (livenessMin !== null && (face.liveness ?? 0) < livenessMin) return { kind: 'not_alive' };
    const match = this.gallery.match(face.embedding, threshold, margin);
    if (match === null) return { kind: 'stranger' };
    const confidence = Math.round(confidenceOf(match.similarity) * 10_000) / 10_000;
    return { kind: 'student', student: match.studentIndex, confidence };
  }
}
