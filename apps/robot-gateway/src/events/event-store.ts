import { Injectable } from '@nestjs/common';
import type { EventPriority, RobotEventList } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import type { RobotEvent } from './robot-event';
import { FORGET_EVENTS } from './sql/forget-events.sql';
import { INSERT_EVENT } from './sql/insert-event.sql';
import { READ_EVENTS } from './sql/read-events.sql';

interface EventRow {
  readonly event_id: string;
  readonly robot_id: string;
  readonly event: string | null;
  readonly priority: EventPriority;
  readonly message: string;
  readonly occurred_at: Date;
  readonly received_at: Date;
}

const FORGET_BATCH = 500;

@Injectable()
export class EventStore {
  constructor(private readonly database: Database) {}

  /** When it happened; undefined when it is stored already, or the robot was deleted meanwhile. */
  async add(robotId: string, event: RobotEvent): Promise<Date | undefined> {
    const row = await this.database.maybe<{ occurred_at: Date }>(INSERT_EVENT, [
      robotId,
      event.event,
      event.priority,
      event.message,
      JSON.stringify(event.detail),
      event.occurredAt,
    ]);
    return row?.occurred_at;
  }

  /** Newest first; `cursor` is the `nextCursor` of the page before. */
  async page(robotId: string, limit: number, cursor: string | undefined): Promise<RobotEventList> {
    const rows = await this.database.query<EventRow>(READ_EVENTS, [robotId, cursor, limit + 1]);
    const shown = rows.slice(0, limit);
    return {
      items: shown.map((row) => ({
        id: row.event_id,
        robotId: row.robot_id,
        event: row.event,
        priority: row.priority,
        message: row.message,
        timestamp: row.occurred_at.toISOString(),
        receivedAt: row.received_at.toISOString(),
      })),
      nextCursor: rows.length > limit ? (shown.at(-1)?.event_id ?? null) : null,
    };
  }

  /** Deletes one batch of events older than that; true when there may be more. */
  async forget(olderThanDays: number): Promise<boolean> {
    return (await this.database.query(FORGET_EVENTS, [olderThanDays, FORGET_BATCH])).length === FORGET_BATCH;
  }
}
