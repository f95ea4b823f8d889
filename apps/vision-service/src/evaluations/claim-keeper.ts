import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DollsCompareAnswer } from '@teleop/contracts';
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

  /**
   * The stored answer to the token, or that of `work`, which is done while its claim is held, and gives it up as it stores
   * the answer. undefined: another holds it.
   */
  async answer(
    tokenHash: string,
    work: (holder: string) => Promise<DollsCompareAnswer>,
  ): Promise<DollsCompareAnswer | undefined> {
    const { answer, claimed } = await this.store.takeUp(tokenHash, this.#holder, this.claimMs);
    if (answer !== null) return answer;
    if (!claimed) return undefined;
    const over = new AbortController();
    const renewing = this.renew(tokenHash, over.signal);
    try {
      return await work(this.#holder);
    } catch (error) {
      await this.quietly('release a claim', () => this.store.release(tokenHash, this.#holder));
      throw error;
    } finally {
      over.abort();
      await renewing;
    }
  }

  private async renew(tokenHash: string, over: AbortSignal): Promise<void> {
    while (await later(this.claimMs / RENEWALS_PER_CLAIM, over)) {
      await this.quietly('renew a claim', () => this.store.renew(tokenHash, this.#holder, this.claimMs));
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
