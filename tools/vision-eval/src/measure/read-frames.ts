import { setMaxListeners } from 'node:events';
import {
  majority,
  PROMPTS,
  Reader,
  Tally,
  type Counts,
  type Prices,
  type Usage,
  type VisionModel,
} from '@teleop/vision-service';
import type { LoadedCase } from '../set/load-set';

/** One side of one camera of one case, every frame read by itself. */
export interface SideReadings {
  readonly caseId: string;
  readonly difficulty: string;
  readonly truth: Counts;
  /** undefined: no answer that could be read. */
  readonly readings: readonly (Counts | undefined)[];
  /** Share of the frames that give the most frequent count, the lower one of left and right. */
  readonly agreement: number;
}

export interface FrameOptions {
  readonly model: VisionModel;
  readonly name: string;
  readonly prices: Prices;
}

/** Every frame by itself, with one model. */
export async function readFrames(
  cases: readonly LoadedCase[],
  { model, name, prices }: FrameOptions,
): Promise<{ sides: SideReadings[]; usage: Usage }> {
  const tally = new Tally(prices);
  const never = new AbortController().signal;
  setMaxListeners(0, never);
  const sides = await Promise.all(
    cases.flatMap(({ label, views }) => {
      const reader = new Reader(model, name, PROMPTS[label.scene], tally, never);
      return [...views].flatMap(([camera, frames]) =>
        (['start', 'end'] as const).map(async (side): Promise<SideReadings> => {
          const read = await Promise.all(frames[side].map((frame) => reader.single(frame)));
          const readings = read.map((reading) => ('value' in reading ? reading.value : undefined));
          const agreeing = (['left', 'right'] as const).map(
            (hand) => majority(readings.map((reading) => reading?.[hand])).agreement,
          );
          return {
            caseId: label.id,
            difficulty: label.difficulty,
            truth: label.cameras[camera]!.counts[side],
            readings,
            agreement: Math.min(...agreeing),
          };
        }),
      );
    }),
  );
  return { sides, usage: tally.usage };
}
