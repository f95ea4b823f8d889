import { frameOf, type Frame, type MultiViews } from '../frames/frame';
import { judgeViews, type JudgeOptions } from '../judging/judge-views';
import { PROMPTS } from '../model/prompts';
import {
  ModelUnavailable,
  UnreadableReply,
  type ModelQuestion,
  type ModelReply,
  type VisionModel,
} from '../model/vision-model';

export const USE = { inputTokens: 1_000, outputTokens: 100 };

/** What the scripted model says: JSON, words, or a failure. */
export type Line = object | string | Error;

export const refuses = () => new UnreadableReply('the model refused', USE);
export const isAway = () => new ModelUnavailable('the model answered 500', 'failing');

/** Answers what the test says, and remembers what it was asked. */
export class ScriptedModel implements VisionModel {
  readonly asked: ModelQuestion[] = [];

  constructor(private readonly say: (question: ModelQuestion, nth: number) => Line) {}

  async ask(question: ModelQuestion): Promise<ModelReply> {
    this.asked.push(question);
    const line = this.say(question, this.asked.length - 1);
    if (line instanceof Error) throw line;
    return { text: typeof line === 'string' ? line : JSON.stringify(line), ...USE };
  }

  /** Model and kind of each question, e.g. `fast pair cam1-start-0,cam1-end-0`. */
  get log(): string[] {
    return this.asked.map(({ model, answer, frames }) => {
      const kind = answer.name === 'pair_counts' ? 'pair' : 'single';
      return `${model} ${kind} ${frames.map(nameOf).join(',')}`;
    });
  }
}

/** What a frame of `namedViews` is. */
export const nameOf = ({ base64 }: Frame): string =>
  Buffer.from(base64.toString('latin1'), 'base64').toString();

/** Frames whose bytes say which they are: `cam1-start-0`. */
export function namedViews(cameras: Record<string, { start: number; end: number }>): MultiViews {
  const frames = (camera: string, side: string, count: number): Frame[] =>
    Array.from({ length: count }, (_, index) =>
      frameOf(Buffer.from(`${camera}-${side}-${index}`), 'image/jpeg'),
    );
  return new Map(
    Object.entries(cameras).map(([camera, { start, end }]) => [
      camera,
      { start: frames(camera, 'start', start), end: frames(camera, 'end', end) },
    ]),
  );
}

export function judge(views: MultiViews, model: VisionModel, options: Partial<JudgeOptions> = {}) {
  return judgeViews(views, {
    model,
    models: { fast: 'fast', strong: 'strong' },
    prompt: PROMPTS.trays,
    prices: new Map([
      ['fast', { input: 1, output: 10 }],
      ['strong', { input: 5, output: 20 }],
    ]),
    attemptTimeoutMs: 5_000,
    signal: new AbortController().signal,
    now: () => 0,
    ...options,
  });
}

export const pair = (
  start: [number, number],
  end: [number, number],
  moved: [number, number] = [0, 0],
): object => ({
  start: { left: start[0], right: start[1] },
  end: { left: end[0], right: end[1] },
  moved: { l_to_r: moved[0], r_to_l: moved[1] },
});
