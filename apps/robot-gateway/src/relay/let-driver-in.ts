import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sha256Hex } from '@teleop/auth';
import { RequestFailed, ServiceUnavailable } from '@teleop/messaging';
import { DatabaseUnavailable } from '@teleop/persistence';
import { ProblemError } from '@teleop/service-kit';
import { NatsReplicaLink } from '../replicas/nats-replica-link';
import { ResolveTurn } from '../turns/resolve-turn';
import { TurnStore } from '../turns/turn-store';
import type { SeatTurn } from './seat';

export interface Admission {
  readonly robotId: string;
  readonly epoch: number;
  readonly turn: SeatTurn;
}

/**
 * May the bearer of this control token drive the robot now? Decided before the handshake, and the lease's new epoch is
 * taken from the database before he is let in: of two who were told yes, the later has the higher epoch and wins.
 */
@Injectable()
export class LetDriverIn {
  constructor(
    private readonly turns: ResolveTurn,
    private readonly store: TurnStore,
    private readonly link: NatsReplicaLink,
  ) {}

  /** Throws a ProblemError: 401 not your turn, 403 your turn is over, 409 held otherwise, 503 cannot be verified. */
  async admit(robotId: string, token: string): Promise<Admission> {
    try {
      return await this.seat(robotId, sha256Hex(token));
    } catch (error) {
      if (
        error instanceof ServiceUnavailable ||
        error instanceof RequestFailed ||
        error instanceof DatabaseUnavailable
      ) {
        throw new ProblemError(
          503,
          'TURN_NOT_VERIFIED',
          'Whose turn it is cannot be verified now; try again',
          {
            headers: { 'retry-after': '1' },
            cause: error,
          },
        );
      }
      throw error;
    }
  }

  private async seat(robotId: string, tokenHash: string): Promise<Admission> {
    const resolution = await this.turns.resolve(robotId, tokenHash);
    if (resolution.verdict === 'not_yours') {
      throw new ProblemError(401, 'UNAUTHORIZED', 'This token does not hold the current turn on the robot');
    }
    if (resolution.verdict === 'over') throw over();
    const { turn } = resolution;
    const seating = await this.store.seat({ ...turn, robotId }, `${this.link.replica}/${randomUUID()}`);
    if ('epoch' in seating) return { robotId, epoch: seating.epoch, turn };
    if (seating.refused === 'over') throw over();
    throw new ProblemError(409, 'LEASE_HELD', 'Somebody else holds the robot at the moment');
  }
}

function over(): ProblemError {
  return new ProblemError(403, 'SESSION_ENDED', 'The turn of this token is over');
}
