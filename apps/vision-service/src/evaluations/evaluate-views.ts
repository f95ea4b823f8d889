import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { sha256Hex } from '@teleop/auth';
import type { DollsCompareAnswer } from '@teleop/contracts';
import { isTransient } from '@teleop/persistence';
import { Clock, deadline, Logger, LOGGER, ProblemError, stopController } from '@teleop/service-kit';
import { VISION_CONFIG, type VisionConfig } from '../config';
import type { MultiViews } from '../frames/frame';
import { judgeViews } from '../judging/judge-views';
import { PROMPTS, sceneOf } from '../model/prompts';
import { ModelUnavailable, type VisionModel } from '../model/vision-model';
import { ClaimKeeper, type TokenLook } from './claim-keeper';
import type { Evaluation } from './evaluation';
import { EvaluationStore } from './evaluation-store';
import { noteFrames } from './note-frames';
import { toAnswer } from './to-answer';
import { VisionMetrics } from './vision-metrics';

export const VISION_MODEL = Symbol('vision-service:model');

export interface EvaluationRequest {
  readonly robotId: string;
  readonly controlToken: string | undefined;
  /** How much of the request's time was gone when its body began to be read. */
  readonly waitedMs: number;
  /** Called once, and may throw what the caller is to hear. */
  readonly readViews: () => Promise<MultiViews>;
}

type Asked = Pick<EvaluationRequest, 'robotId'> & { readonly views: MultiViews };

/** Of a token, by one request. */
interface Claim {
  readonly tokenHash: string;
  readonly holder: string;
}

const SAVE_AGAIN_MS = 250;

/** Judges what was moved and stores it: once per control token, over concurrent calls and replicas. */
@Injectable()
export class EvaluateViews implements BeforeApplicationShutdown {
  readonly #running = new Map<string, Promise<DollsCompareAnswer>>();
  readonly #stopping = stopController();
  readonly #claims: ClaimKeeper;

  constructor(
    private readonly store: EvaluationStore,
    @Inject(VISION_MODEL) private readonly model: VisionModel | null,
    @Inject(VISION_CONFIG) private readonly config: VisionConfig,
    private readonly metrics: VisionMetrics,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#claims = new ClaimKeeper(store, config.VISION_CLAIM_MS, log);
  }

  /** Who stops waits no longer for a model: the robot asks again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort(new ModelUnavailable('the service is stopping', 'failing'));
    await Promise.allSettled(this.#running.values());
  }

  /** Throws ProblemError: 503 VISION_NOT_CONFIGURED, VISION_MODEL_UNAVAILABLE or VISION_BUSY; what `readViews` throws. */
  async evaluate(request: EvaluationRequest): Promise<DollsCompareAnswer> {
    const { robotId, controlToken, waitedMs, readViews } = request;
    const leftMs = Math.max(0, this.config.VISION_REQUEST_TIMEOUT_MS - waitedMs);
    const signal = AbortSignal.any([deadline(leftMs), this.#stopping.signal]);
    if (controlToken === undefined) {
      return this.judge({ robotId, views: await readViews() }, undefined, signal);
    }
    const tokenHash = sha256Hex(controlToken);
    const look = this.#claims.look(tokenHash);
    const views = await this.meanwhile(readViews).catch(async (error: unknown) => {
      await look.giveUp();
      throw error;
    });
    const running = this.#running.get(tokenHash);
    if (running !== undefined) {
      await look.giveUp();
      return running;
    }
    const evaluation = this.once({ robotId, views }, tokenHash, look, signal);
    this.#running.set(tokenHash, evaluation);
    try {
      return await evaluation;
    } finally {
      this.#running.delete(tokenHash);
    }
  }

  /** Reading pictures takes the processor: what was begun before it must be on its way first. */
  private async meanwhile<T>(work: () => Promise<T>): Promise<T> {
    await nextTurn();
    return work();
  }

  private async once(
    asked: Asked,
    tokenHash: string,
    first: TokenLook,
    signal: AbortSignal,
  ): Promise<DollsCompareAnswer> {
    for (let look = first; ; look = this.#claims.look(tokenHash)) {
      const answer = await look.answer((holder) => this.judge(asked, { tokenHash, holder }, signal));
      if (answer !== undefined) return answer;
      if (signal.aborted) {
        throw new ProblemError(503, 'VISION_BUSY', 'This turn is being evaluated; ask again', {
          headers: { 'retry-after': '2' },
        });
      }
      await sleep(this.config.VISION_CLAIM_LOOK_MS);
    }
  }

  private configured(): VisionModel {
    if (this.model !== null) return this.model;
    throw new ProblemError(503, 'VISION_NOT_CONFIGURED', 'No key for the vision model is configured');
  }

  private async judge(
    { views, robotId }: Asked,
    claim: Claim | undefined,
    signal: AbortSignal,
  ): Promise<DollsCompareAnswer> {
    const began = this.clock.monotonic();
    const { config, metrics } = this;
    const prompt = PROMPTS[sceneOf(robotId, config.scenes)];
    const id = randomUUID();
    const judgement = await judgeViews(views, {
      model: this.configured(),
      models: { fast: config.VISION_MODEL_FAST, strong: config.VISION_MODEL_STRONG },
      prompt,
      prices: config.prices,
      attemptTimeoutMs: config.VISION_ATTEMPT_TIMEOUT_MS,
      signal,
      now: () => this.clock.monotonic(),
      onAttempt: (attempt) => metrics.attempted(attempt),
    }).catch((error: unknown) => {
      throw this.refusal(error, robotId, id);
    });
    const elapsedMs = this.clock.monotonic() - began;
    const answer = toAnswer(judgement, { evaluationId: id, promptVersion: prompt.version, elapsedMs });
    const evaluation = { id, robotId, tokenHash: claim?.tokenHash, answer, frames: noteFrames(views) };
    const stored = await this.save(evaluation, claim?.holder, signal);
    metrics.evaluated(answer);
    return stored;
  }

  /** PostgreSQL may be away for a moment: what was paid for is not thrown away while the caller still waits. */
  private async save(
    evaluation: Evaluation,
    holder: string | undefined,
    signal: AbortSignal,
  ): Promise<DollsCompareAnswer> {
    for (;;) {
      try {
        return await this.store.save(evaluation, holder);
      } catch (error) {
        if (!isTransient(error) || signal.aborted) throw error;
        this.log.warn({ err: error, evaluationId: evaluation.id }, 'an evaluation could not be stored yet');
        await sleep(SAVE_AGAIN_MS);
      }
    }
  }

  private refusal(error: unknown, robotId: string, evaluationId: string): unknown {
    if (!(error instanceof ModelUnavailable)) return error;
    this.log.warn(
      { err: error, robotId, evaluationId },
      'nothing was settled: the model could not be reached',
    );
    return new ProblemError(
      503,
      'VISION_MODEL_UNAVAILABLE',
      'The vision model could not be reached; nothing was settled, ask again',
      { headers: { 'retry-after': '5' }, cause: error },
    );
  }
}
