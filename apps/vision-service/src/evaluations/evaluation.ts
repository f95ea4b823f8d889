import type { DollsCompareAnswer } from '@teleop/contracts';

/** What was looked at, without the pictures themselves. */
export interface FrameNote {
  readonly kind: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type FrameNotes = Readonly<Record<string, Readonly<Record<'start' | 'end', readonly FrameNote[]>>>>;

/** An evaluation as it is stored. */
export interface Evaluation {
  readonly id: string;
  readonly robotId: string;
  /** undefined: it settles nothing. */
  readonly tokenHash: string | undefined;
  readonly answer: DollsCompareAnswer;
  readonly frames: FrameNotes;
}
