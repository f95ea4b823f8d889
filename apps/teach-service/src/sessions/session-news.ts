import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  teachControl,
  teachLockUpdated,
  teachSessionUpdated,
  type TeachControlType,
  type TrafficScope,
} from '@teleop/contracts';
import { Outbox, type Tx } from '@teleop/messaging';
import { Clock } from '@teleop/service-kit';
import type { SessionRow } from './session-record';

/** What others are told of sessions, in the transaction of the change; robots too, by way of robot-gateway. */
@Injectable()
export class SessionNews {
  constructor(
    private readonly outbox: Outbox<'teach-service'>,
    private readonly clock: Clock,
  ) {}

  async updated(tx: Tx, row: SessionRow): Promise<void> {
    await this.outbox.append(tx, teachSessionUpdated, {
      teachSessionId: row.teach_session_id,
      robotId: row.robot_id,
      status: row.status,
      ...(row.failure_reason !== null && { reason: row.failure_reason }),
      ...(row.draft_mission_id !== null && { draftMissionId: row.draft_mission_id }),
    });
  }

  /** Without a lock: there is none any more. */
  async lock(tx: Tx, row: SessionRow, lock?: { lockId: string; scope: TrafficScope }): Promise<void> {
    const { teach_session_id: teachSessionId, robot_id: robotId } = row;
    await this.outbox.append(tx, teachLockUpdated, { teachSessionId, robotId, ...lock });
  }

  async control(tx: Tx, row: SessionRow, type: TeachControlType): Promise<void> {
    await this.outbox.append(tx, teachControl, {
      messageId: randomUUID(),
      correlationId: row.correlation_id ?? row.teach_session_id,
      producedAtUtc: new Date(this.clock.now()).toISOString(),
      robotId: row.robot_id,
      type,
      payload: { teachSessionId: row.teach_session_id },
    });
  }

  /** After the commit. */
  poke(): void {
    this.outbox.poke();
  }
}
