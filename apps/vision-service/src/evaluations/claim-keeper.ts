import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient } from '@teleop/persistence';
import type { Logger } from '@teleop/service-kit';
import type { EvaluationStore } from './evaluation-store';

const RENEWALS_PER_CLAIM = 4;

/** Holds the claim on a token while work runs; a process that dies stops renewing, and another takes over. */
export class ClaimKeeper {
  readonly #holder = randomUUID();

  constructor(
    private readonly store: EvaluationStore,
    private readonly claimMs: number,
    private readonly log: Logger,
  ) {}

  /** undefined: another holds it. */
  async holding<T>(tokenHash: string, work: () => Promise<T>): Promise<{ readonly done: T } | undefined> {
    if (!(await this.store.claim(tokenHash, this.#holder, this.claimMs))) return undefined;
    const over = new AbortController();
    const renewing = this.renew(tokenHash, over.signal);
    try {
      return { done: await work() };
    } finally {
      over.abort();
      await renewing;
      await this.quietly('release a claim', () => this.store.release(tokenHash, this.#holder));
    }
  }

  private async renew(tokenHash: string, over: AbortSignal): Promise<void> {
    while (await later(this.claimMs / RENEWALS_PER_CLAIM, over)) {
      await this.quietly('renew a claim', () => this.store.claim(tokenHash, this.#holder, this.claimMs));
    }
  }

  /** A claim only spares work: without it two may evaluate, and the first to store it wins. */
  private async quietly(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      this.log.warn({ err: error }, `could not ${what}; it lapses by itself`);
    }
  }
}

async function later(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    // Only the signal ends it early.
    return false;
  }
}
