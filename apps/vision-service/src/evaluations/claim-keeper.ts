import { randomUUID } from 'node:crypto';
import type { DollsCompareAnswer } from '@teleop/contracts';
import { isTransient } from '@teleop/persistence';
import type { Logger } from '@teleop/service-kit';
import type { EvaluationStore } from './evaluation-store';

const RENEWALS_PER_CLAIM = 4;

/** One request's look at its token. Exactly one of the two is to be called. */
export interface TokenLook {
  /**
   * The stored answer to the token, or that of `work`, which is done while its claim is held, and gives it up as it stores
   * the answer. undefined: another holds it.
   */
  answer(work: (holder: string) => Promise<DollsCompareAnswer>): Promise<DollsCompareAnswer | undefined>;
  /** Nothing will be evaluated. Never throws. */
  giveUp(): Promise<void>;
}

/** Holds the claim on a token while work runs; a process that dies stops renewing, and another takes over. */
export class ClaimKeeper {
  constructor(
    private readonly store: EvaluationStore,
    private readonly claimMs: number,
    private readonly log: Logger,
  ) {}

  /** Begins at once to look for the stored answer or to take the claim; what the caller has to read can be read meanwhile. */
  look(tokenHash: string): TokenLook {
    // Of this request alone: another of the same process must not count as holding what this one gives up.
    const holder = randomUUID();
    const taken = this.store.takeUp(tokenHash, holder, this.claimMs);
    // Whoever asks for the answer hears of it.
    taken.catch(() => undefined);
    return {
      answer: async (work) => {
        const { answer, claimed } = await taken;
        if (answer !== null) return answer;
        return claimed ? this.whileHeld(tokenHash, holder, work) : undefined;
      },
      giveUp: async () => {
        const { claimed } = await taken.catch(() => ({ claimed: false }));
        if (claimed) await this.release(tokenHash, holder);
      },
    };
  }

  private async whileHeld(
    tokenHash: string,
    holder: string,
    work: (holder: string) => Promise<DollsCompareAnswer>,
  ): Promise<DollsCompareAnswer> {
    let renewal = Promise.resolve();
    const timer = setInterval(() => {
      renewal = renewal.then(() =>
        this.quietly('renew a claim', () => this.store.renew(tokenHash, holder, this.claimMs)),
      );
    }, this.claimMs / RENEWALS_PER_CLAIM);
    try {
      return await work(holder);
    } catch (error) {
      await this.release(tokenHash, holder);
      throw error;
    } finally {
      clearInterval(timer);
      await renewal;
    }
  }

  private release(tokenHash: string, holder: string): Promise<void> {
    return this.quietly('release a claim', () => this.store.release(tokenHash, holder));
  }

  /** A claim only spares work: without it two may evaluate, and the first to store it wins. Never throws. */
  private async quietly(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const level = isTransient(error) ? 'warn' : 'error';
      this.log[level]({ err: error }, `could not ${what}; it lapses by itself`);
    }
  }
}
