import { Inject, Injectable } from '@nestjs/common';
import type { ControlTokenAnswer, CurrentTurn, QueueUpdate, UserAndRobot } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { QUEUE_CONFIG, type QueueConfig } from '../config';
import { Callers } from '../users/callers';
import { refusal } from './codes';
import { queueView } from './queue-view';
import { TurnsRepository } from './turns.repository';

/** What can be asked of a queue without changing it. */
@Injectable()
export class ReadQueue {
  constructor(
    private readonly database: Database,
    private readonly turns: TurnsRepository,
    private readonly callers: Callers,
    @Inject(QUEUE_CONFIG) private readonly config: QueueConfig,
  ) {}

  /** Undefined for an unknown robot. */
  async snapshot(robotId: string): Promise<QueueUpdate | undefined> {
    const row = await this.turns.snapshot(this.database, robotId);
    return row && queueView(robotId, row, this.config.SESSION_SECONDS);
  }

  versions(robotIds: readonly string[]): Promise<{ robotId: string; version: number }[]> {
    return this.turns.versions(this.database, robotIds);
  }

  /** Undefined for an unknown robot; `turn: null` when nobody is active or the time is up. */
  async currentTurn(robotId: string): Promise<CurrentTurn | undefined> {
    const row = await this.turns.activeTurn(this.database, robotId);
    if (row === undefined || row.remaining_ms === 0) {
      return row !== undefined || (await this.turns.robotExists(this.database, robotId))
        ? { turn: null }
        : undefined;
    }
    return {
      turn: {
        userId: row.user_id,
        tokenHash: row.token_hash,
        turn: row.turn,
        activatedAt: row.activated_at.toISOString(),
        expiresAt: row.expires_at.toISOString(),
        remainingMs: row.remaining_ms,
      },
    };
  }

  /** The control token, for the user whose turn it is. */
  async controlToken(body: UserAndRobot, authorization: string | undefined): Promise<ControlTokenAnswer> {
    await this.callers.require(authorization, body.userId);
    const row = await this.turns.activeTurn(this.database, body.robotId);
    if (row === undefined || row.remaining_ms === 0 || row.user_id !== body.userId.toLowerCase()) {
      throw refusal('NOT_AT_FRONT');
    }
    return {
      control_token: row.control_token,
      expires: Math.floor(row.expires_at.getTime() / 1_000),
      robotId: body.robotId,
    };
  }

  /** 24-hour counts: of one robot, or of all. */
  async statistics(robotId: string | undefined): Promise<object> {
    if (robotId === undefined) {
      const rows = await this.turns.statistics(this.database);
      const robots = Object.fromEntries(rows.map(({ robot_id, ...counts }) => [robot_id, counts]));
      return { success: true, robots };
    }
    const counts = await this.turns.statisticsOf(this.database, robotId);
    if (counts === undefined) throw refusal('ROBOT_NOT_FOUND');
    return { success: true, robotId, ...counts };
  }
}
