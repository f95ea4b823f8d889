import type { Frame } from '../frames/frame';
import { countsOf, PAIR, pairOf, SINGLE_FRAME } from '../model/answers';
import { findAnswer } from '../model/find-json';
import type { ScenePrompt } from '../model/prompts';
import {
  ModelUnavailable,
  UnreadableReply,
  type ModelQuestion,
  type VisionModel,
} from '../model/vision-model';
import type { Counts, Moved, PartialCounts } from './counts';
import type { Tally } from './tally';

/** What one camera was read as. */
export interface CameraReading {
  readonly counts: PartialCounts;
  readonly moved?: Moved;
  /** What went wrong on the way, also when a fall-back then worked. */
  readonly errors: readonly string[];
  /** Part of the answer is missing because the model could not be reached, not because of what it said. */
  readonly unavailable: boolean;
}

type Read<T> = { readonly value: T } | { readonly error: string; readonly unavailable: boolean };

/** One model, one scene, one attempt: everything it asks is booked on the tally and ends with the signal. */
export class Reader {
  constructor(
    private readonly source: VisionModel,
    readonly model: string,
    private readonly prompt: ScenePrompt,
    private readonly tally: Tally,
    private readonly signal: AbortSignal,
  ) {}

  /** The source's `analyze_single_image`. */
  async single(frame: Frame): Promise<Read<Counts>> {
    return this.ask({ user: this.prompt.single, frames: [frame], answer: SINGLE_FRAME }, countsOf);
  }

  /** The source's `analyze_compare_pairwise`, one camera: both pictures at once, else each on its own. */
  async pair(start: Frame, end: Frame): Promise<CameraReading> {
    const pair = await this.ask({ user: this.prompt.pair, frames: [start, end], answer: PAIR }, pairOf);
    if ('value' in pair) {
      const { moved, ...counts } = pair.value;
      return { counts, moved, errors: [], unavailable: false };
    }
    // A model that cannot be reached for two pictures cannot be reached for one.
    if (pair.unavailable) return { counts: {}, errors: [pair.error], unavailable: true };
    const [first, second] = await Promise.all([this.single(start), this.single(end)]);
    return {
      counts: {
        ...('value' in first && { start: first.value }),
        ...('value' in second && { end: second.value }),
      },
      errors: [pair, first, second].flatMap((read) => ('error' in read ? [read.error] : [])),
      unavailable: [first, second].some((read) => 'error' in read && read.unavailable),
    };
  }

  private async ask<T>(
    question: Pick<ModelQuestion, 'user' | 'frames' | 'answer'>,
    read: (value: unknown) => T | undefined,
  ): Promise<Read<T>> {
    const { system } = this.prompt;
    try {
      const reply = await this.source.ask({ model: this.model, system, ...question }, this.signal);
      this.tally.add(this.model, reply);
      const value = findAnswer(reply.text, read);
      if (value !== undefined) return { value };
      return { error: `${question.answer.name}: the answer is not the JSON asked for`, unavailable: false };
    } catch (error) {
      if (error instanceof UnreadableReply) {
        this.tally.add(this.model, error.use);
        return { error: `${question.answer.name}: ${error.message}`, unavailable: false };
      }
      if (error instanceof ModelUnavailable) {
        return { error: `${question.answer.name}: ${error.message}`, unavailable: true };
      }
      throw error;
    }
  }
}
