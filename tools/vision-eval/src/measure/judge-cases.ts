import {
  judgeViews,
  ModelUnavailable,
  PROMPTS,
  type Judgement,
  type Prices,
  type VisionModel,
} from '@teleop/vision-service';
import type { LabelledCase } from '../set/labels';
import type { LoadedCase } from '../set/load-set';

export interface JudgedCase {
  readonly id: string;
  readonly difficulty: string;
  /** Points by the labels and the rules. */
  readonly due: number;
  /** undefined: the model could not be reached. */
  readonly judgement: Judgement | undefined;
  readonly elapsedMs: number;
}

export interface JudgeOptions {
  readonly model: VisionModel;
  readonly models: { readonly fast: string; readonly strong: string };
  readonly prices: Prices;
  readonly attemptTimeoutMs: number;
}

/** What the rules pay for what the labels say: nothing when dolls appeared or vanished. */
export function pointsDue({ cameras }: LabelledCase): number {
  const counts = Object.values(cameras).map(({ counts: seen }) => seen);
  const conserved = counts.every(({ start, end }) => start.left + start.right === end.left + end.right);
  if (!conserved) return 0;
  return counts.reduce((sum, { start, end }) => sum + 100 * Math.abs(end.left - start.left), 0);
}

/** Whole evaluations, as the service makes them, one after the other: their time is one of the figures. */
export async function judgeCases(cases: readonly LoadedCase[], options: JudgeOptions): Promise<JudgedCase[]> {
  const judged: JudgedCase[] = [];
  for (const { label, views } of cases) {
    const began = performance.now();
    const judgement = await judgeViews(views, {
      ...options,
      prompt: PROMPTS[label.scene],
      signal: AbortSignal.timeout(3 * options.attemptTimeoutMs),
      now: () => performance.now(),
    }).catch((error: unknown) => {
      if (error instanceof ModelUnavailable) return undefined;
      throw error;
    });
    const elapsedMs = performance.now() - began;
    judged.push({ id: label.id, difficulty: label.difficulty, due: pointsDue(label), judgement, elapsedMs });
  }
  return judged;
}
