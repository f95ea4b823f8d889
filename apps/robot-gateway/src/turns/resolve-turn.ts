import { Injectable } from '@nestjs/common';
import { Clock } from '@teleop/service-kit';
import { CurrentTurns } from './current-turn';
import { TurnBook } from './turn-book';
import { isRunning, type TurnState } from './turn-state';

export type Resolution =
  | { readonly verdict: 'yours'; readonly turn: TurnState & { expiresAt: string } }
  | { readonly verdict: 'over' }
  | { readonly verdict: 'not_yours' };

/**
 * Is it this token's turn on the robot? Decided by what is known here; only when that says no is queue-service asked,
 * because a user who was given his token a moment ago may be faster than the event that tells of it.
 */
@Injectable()
export class ResolveTurn {
  constructor(
    private readonly book: TurnBook,
    private readonly current: CurrentTurns,
    private readonly clock: Clock,
  ) {}

  /** Throws what asking queue-service throws: then the turn cannot be verified, and nobody new may be let in. */
  async resolve(robotId: string, tokenHash: string): Promise<Resolution> {
    const known = this.judge(robotId, tokenHash);
    if (known.verdict !== 'not_yours') return known;
    await this.current.refresh(robotId);
    return this.judge(robotId, tokenHash);
  }

  private judge(robotId: string, tokenHash: string): Resolution {
    const turn = this.book.of(robotId);
    // Hashes of long random tokens: comparing them tells an attacker nothing of a token, however long it takes.
    if (turn === undefined || turn.tokenHash !== tokenHash) return { verdict: 'not_yours' };
    const { expiresAt } = turn;
    if (!isRunning(turn, this.clock.monotonic()) || expiresAt === undefined) return { verdict: 'over' };
    return { verdict: 'yours', turn: { ...turn, expiresAt } };
  }
}
