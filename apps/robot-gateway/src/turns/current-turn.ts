import { Injectable } from '@nestjs/common';
import { currentTurn, type Turn } from '@teleop/contracts';
import { RequestRefused, Requests } from '@teleop/messaging';
import { Clock, ProblemError } from '@teleop/service-kit';
import { TrailingFlight } from './trailing-flight';
import { TurnBook } from './turn-book';
import { TurnStore } from './turn-store';

/** Robots asked about at once: a stranger who guesses robot ids must not make this service a flood of questions. */
const MAX_ASKED_AT_ONCE = 64;

/** Asks queue-service whose turn it is, and remembers the answer as the fact it is. */
@Injectable()
export class CurrentTurns {
  readonly #flight: TrailingFlight<void>;

  constructor(
    private readonly requests: Requests,
    private readonly book: TurnBook,
    private readonly store: TurnStore,
    private readonly clock: Clock,
  ) {
    this.#flight = new TrailingFlight(
      (robotId) => this.ask(robotId),
      MAX_ASKED_AT_ONCE,
      () => new ProblemError(503, 'TURN_NOT_VERIFIED', 'Too many turns are being checked; try again'),
    );
  }

  /** Resolves when the book knows what queue-service knows of the robot; throws when that could not be asked. */
  refresh(robotId: string): Promise<void> {
    return this.#flight.run(robotId);
  }

  private async ask(robotId: string): Promise<void> {
    const believed = this.book.of(robotId);
    const askedAt = this.clock.monotonic();
    let turn: Turn | null;
    try {
      turn = (await this.requests.ask(currentTurn, { robotId })).turn ?? null;
    } catch (error) {
      if (error instanceof RequestRefused && error.code === 'ROBOT_NOT_FOUND') return;
      throw error;
    }
    if (turn !== null) {
      // Counted from the asking: at worst the turn ends here a round trip early, never late.
      const deadline = askedAt + turn.remainingMs;
      this.book.learn(robotId, { ...turn, kind: 'activated', deadline });
      return;
    }
    // Nobody is active. What was believed running before the question was asked has ended; anything learned since is newer.
    if (believed?.phase !== 'running') return;
    this.book.learn(robotId, { ...believed, kind: 'ended' });
    await this.store.inOwnTransaction((tx) => this.store.ended(tx, { ...believed, robotId }));
  }
}
