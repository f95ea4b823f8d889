import { setMaxListeners } from 'node:events';
import { deadline } from '@teleop/service-kit';
import type { MultiViews } from '../frames/frame';
import type { Prices } from '../model/prices';
import type { ScenePrompt } from '../model/prompts';
import { ModelUnavailable, type VisionModel } from '../model/vision-model';
import type { Attempt } from './attempt';
import { multiFrameVote, pairwise } from './attempts';
import { Reader } from './reading';
import { outcomeOf, type Outcome } from './reward';
import { Tally } from './tally';

export interface JudgeOptions {
  readonly model: VisionModel;
  /** Of attempt 1, and of attempts 2 and 3. */
  readonly models: { readonly fast: string; readonly strong: string };
  readonly prompt: ScenePrompt;
  readonly prices: Prices;
  readonly attemptTimeoutMs: number;
  /** Ends everything: the deadline of the whole request. */
  readonly signal: AbortSignal;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly onAttempt?: (attempt: Attempt) => void;
}

export interface Judgement extends Outcome {
  readonly attempts: readonly Attempt[];
  /** The attempt that decided: the last one. */
  readonly final: Attempt;
}

type Stage = (reader: Reader) => Promise<Omit<Attempt, 'elapsedMs' | 'usage'>>;

/**
 * The source's three attempts: the first that is not abnormal decides. Throws ModelUnavailable when the model could not
 * be reached for something that would have decided: a failure of ours must not be booked as a failure of the user's.
 */
export async function judgeViews(views: MultiViews, options: JudgeOptions): Promise<Judgement> {
  const { fast, strong } = options.models;
  const attempts: Attempt[] = [];
  const stages: readonly [model: string, stage: Stage][] = [
    [fast, (reader) => pairwise('pairwise_first_frame', views, 0, reader)],
    [strong, (reader) => pairwise('pairwise_second_frame', views, 1, reader)],
    [strong, (reader) => multiFrameVote(views, attempts, reader)],
  ];
  for (const [model, stage] of stages) {
    const attempt = await run(model, stage, options);
    attempts.push(attempt);
    options.onAttempt?.(attempt);
    if (!attempt.verdict.abnormal) break;
    // The vote asks the same model: when it answered for no camera just now there is nothing to wait for.
    const away = attempt.unavailable.length === views.size && model === strong;
    if (options.signal.aborted || away) throw unavailable(attempts);
  }
  const final = attempts.at(-1)!;
  if (final.verdict.abnormal && final.unavailable.length > 0) throw unavailable(attempts);
  return { attempts, final, ...outcomeOf(final.verdict) };
}

async function run(model: string, stage: Stage, options: JudgeOptions): Promise<Attempt> {
  const began = options.now();
  const signal = AbortSignal.any([options.signal, deadline(options.attemptTimeoutMs)]);
  // Each call listens to it, and an attempt has as many calls as there are frames.
  setMaxListeners(0, signal);
  const tally = new Tally(options.prices);
  const done = await stage(new Reader(options.model, model, options.prompt, tally, signal));
  return { ...done, elapsedMs: Math.round(options.now() - began), usage: tally.usage };
}

function unavailable(attempts: readonly Attempt[]): ModelUnavailable {
  const last = attempts.flatMap(({ errors }) => errors).at(-1);
  return new ModelUnavailable(last ?? 'the request ran out of time', 'failing');
}
