import { IsIn, IsInt, IsISO8601, IsString, Length, Min } from 'class-validator';
import { Describe } from '../core/describe';
import { defineEvent } from '../core/event';
import { IsRobotId, IsUserId } from '../core/ids';
import {
  POINT_TRANSACTION_TYPES,
  TURN_END_REASONS,
  type PointTransactionType,
  type TurnEndReason,
} from './status';

export class QueueChanged {
  @IsRobotId()
  robotId!: string;

  @IsInt()
  @Min(0)
  version!: number;
}

class TurnFact {
  @IsRobotId()
  robotId!: string;

  @IsUserId()
  userId!: string;

  @IsString()
  @Length(64, 64)
  @Describe(
    'SHA-256 of the control token, lower-case hex: the token itself never leaves queue-service and its holder',
  )
  tokenHash!: string;

  @IsInt()
  @Min(1)
  @Describe(
    'Number of the turn on this robot; only grows, so a later fact about an older turn is known to be old',
  )
  turn!: number;
}

export class SessionActivated extends TurnFact {
  @IsISO8601()
  activatedAt!: string;

  @IsISO8601()
  expiresAt!: string;
}

export class SessionEnded extends TurnFact {
  @IsIn(TURN_END_REASONS)
  reason!: TurnEndReason;

  @IsISO8601()
  endedAt!: string;
}

export class PointsGranted {
  @IsUserId()
  userId!: string;

  @IsString()
  @Length(64, 64)
  tokenHash!: string;

  @IsInt()
  @Min(1)
  points!: number;

  @IsIn(POINT_TRANSACTION_TYPES)
  transactionType!: PointTransactionType;

  @IsInt()
  @Min(0)
  @Describe('The user’s total after this grant')
  totalPoints!: number;
}

export const queueChanged = defineEvent({
  name: 'queue.changed',
  owner: 'queue-service',
  subject: 'teleop.queue.changed.v1.{robotId}',
  stream: 'QUEUE',
  payload: QueueChanged,
  delivery: { latestOnly: true },
  description: 'The queue of a robot changed; the snapshot of this version or a newer one can be asked for.',
});

export const sessionActivated = defineEvent({
  name: 'session.activated',
  owner: 'queue-service',
  subject: 'teleop.queue.session-activated.v1.{robotId}',
  stream: 'QUEUE',
  payload: SessionActivated,
  description: 'A user’s turn on a robot began.',
});

export const sessionEnded = defineEvent({
  name: 'session.ended',
  owner: 'queue-service',
  subject: 'teleop.queue.session-ended.v1.{robotId}',
  stream: 'QUEUE',
  payload: SessionEnded,
  description: 'A user’s turn on a robot ended, and was settled in the same transaction.',
});

export const pointsGranted = defineEvent({
  name: 'points.granted',
  owner: 'queue-service',
  subject: 'teleop.queue.points-granted.v1.{userId}',
  stream: 'QUEUE',
  payload: PointsGranted,
  description: 'Points were booked, with their ledger row.',
});
