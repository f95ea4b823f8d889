import { deadline, type Clock, type Logger } from '@teleop/service-kit';
import type { RecognitionMetrics } from '../metrics/recognition-metrics';
import { Bell } from '../time/bell';
import { pause } from '../time/pause';
import type { CallbackStore, PendingCallback } from './callback-store';
import { shouldAutoStop, type AutoStopLimits } from './domain/auto-stop';
import type { PostCallback } from './post-callback';
import { statusUrl } from './status-url';

export interface SenderSettings extends AutoStopLimits {
  /** Milliseconds after each attempt of a callback. */
  readonly waitsMs: readonly number[];
  /** How often is looked when nothing told of something new. */
  readonly lookMs: number;
}

export interface SenderParts {
  readonly store: CallbackStore;
  readonly post: PostCallback;
  readonly metrics: RecognitionMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface SenderSession {
  readonly id: string;
  readonly owner: string;
  readonly callbackUrl: string;
}

/** Sends what a session has to tell, one after another in order, each until it is taken. */
export class CallbackSender {
  readonly #stopping = new AbortController();
  readonly #leaving = new AbortController();
  readonly #bell = new Bell();
  #running: Promise<void> = Promise.resolve();
  #isFarewell = false;
  /** Nothing more is begun. */
  #isOver = false;

  /** `onHopeless`: the backend has been away for too long. */
  constructor(
    private readonly session: SenderSession,
    private readonly settings: SenderSettings,
    private readonly parts: SenderParts,
    private readonly onHopeless: () => void,
  ) {}

  start(): void {
    this.#running = this.run();
  }

  /** There is something new to tell. */
  wake(): void {
    this.#bell.ring();
  }

  /** Resolves when everything is told, or its time is over. */
  async farewell(): Promise<void> {
    this.#isFarewell = true;
    this.#bell.ring();
    await this.#running;
  }

  /**
   * What is still to be told is told as long as the backend takes it at once, for `ms` at most; nothing is tried again.
   * Resolves when that is over.
   */
  async leave(ms: number): Promise<void> {
    this.#leaving.abort();
    await within(ms, this.farewell());
    await this.stop();
  }

  /**
   * Begins nothing more. A callback that is on its way may arrive within `graceMs`; then it is cut off, and whoever owns the
   * session next sends it again, under the same id.
   */
  async stop(graceMs = 0): Promise<void> {
    this.#isOver = true;
    this.#leaving.abort();
    this.#bell.ring();
    await within(graceMs, this.#running);
    this.#stopping.abort();
    await this.#running;
  }

  private async run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!this.#isOver) {
      try {
        const next = await this.next();
        if (this.#isOver) return;
        if (next !== undefined) {
          if (!(await this.send(next))) return;
        } else if (this.#isFarewell) return;
        else await this.#bell.wait(this.settings.lookMs, signal);
      } catch (error) {
        this.parts.log.warn({ err: error, sessionId: this.session.id }, 'callbacks wait for the database');
        await pause(this.settings.lookMs, signal);
      }
    }
  }

  private next(): Promise<PendingCallback | undefined> {
    return this.parts.store.next(this.session.id, this.session.owner);
  }

  /** False: there is no point in going on. */
  private async send(callback: PendingCallback): Promise<boolean> {
    const { store, metrics, clock } = this.parts;
    const isRecognition = callback.userId !== null;
    const beganAt = clock.monotonic();
    if (await this.attempts(callback, isRecognition)) {
      metrics.callbackSent(isRecognition, true);
      await store.taken(this.session.id, callback);
      return true;
    }
    if (this.#stopping.signal.aborted || this.#leaving.signal.aborted) return false;
    metrics.callbackSent(isRecognition, false);
    const failing = await store.failed(this.session.id, clock.monotonic() - beganAt);
    if (failing === undefined || !shouldAutoStop(failing, this.settings)) return true;
    this.onHopeless();
    return false;
  }

  private async attempts(callback: PendingCallback, isRecognition: boolean): Promise<boolean> {
    const { callbackUrl } = this.session;
    const url = isRecognition ? callbackUrl : statusUrl(callbackUrl);
    const over = this.timeLeft(callback);
    const waiting = AbortSignal.any([over, this.#leaving.signal]);
    for (const [attempt, waitMs] of this.settings.waitsMs.entries()) {
      // Another replica may have taken over, or the session ended, while this one waited.
      if (attempt > 0 && (await this.next())?.seq !== callback.seq) return false;
      if (await this.parts.post.post(url, callback.id, callback.payload, over)) return true;
      await pause(waitMs, waiting);
      if (waiting.aborted) return false;
    }
    return false;
  }

  /** A backend that hangs ends the session when its time is over, not when the attempts are. */
  private timeLeft({ failingMs }: PendingCallback): AbortSignal {
    const { signal } = this.#stopping;
    const leftMs = this.settings.maxFailureMs - failingMs;
    // A session that was taken over late, or says goodbye, is still tried.
    if (leftMs <= 0 || this.#isFarewell) return signal;
    return AbortSignal.any([signal, deadline(leftMs)]);
  }
}

/** Resolves with the work, or after `ms`. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, pause(ms, done.signal)]);
  done.abort();
}
