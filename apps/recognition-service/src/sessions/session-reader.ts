import { Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import type { SessionRow } from './session';
import { sessionRow, type RawSession } from './session-rows';
import { COUNT_LIVE } from './sql/count-live.sql';
import { FIND_LIVE } from './sql/find-live.sql';
import { LIST_RECOGNITIONS } from './sql/list-recognitions.sql';

export interface KnownRecognition {
  readonly userId: number;
  readonly confidence: number;
  readonly cameraId: number;
  readonly at: Date;
  /** The backend has taken it. */
  readonly delivered: boolean;
}

export interface LiveRow extends SessionRow {
  readonly pendingCallbacks: number;
  readonly recognitions: readonly KnownRecognition[];
}

interface RawRecognition {
  readonly session_id: string;
  readonly user_id: string;
  readonly confidence: number;
  readonly camera_id: string;
  readonly recognized_at: Date;
  readonly delivered_at: Date | null;
}

@Injectable()
export class SessionReader {
  constructor(private readonly database: Database) {}

  /** Sessions that run, oldest first; of one slot there is one at most. */
  async live(slotId?: number): Promise<LiveRow[]> {
    const raws = await this.database.query<RawSession & { pending: number }>(FIND_LIVE, [slotId ?? null]);
    const known = await this.recognitionsOf(raws.map(({ id }) => id));
    return raws.map((raw) => ({
      ...sessionRow(raw),
      pendingCallbacks: raw.pending,
      recognitions: known.get(raw.id) ?? [],
    }));
  }

  async countLive(): Promise<number> {
    return (await this.database.one<{ live: number }>(COUNT_LIVE)).live;
  }

  async recognitionsOf(ids: readonly string[]): Promise<Map<string, KnownRecognition[]>> {
    const rows = await this.database.query<RawRecognition>(LIST_RECOGNITIONS, [ids]);
    const known = new Map<string, KnownRecognition[]>();
    for (const row of rows) {
      const list = known.get(row.session_id) ?? [];
      known.set(row.session_id, list);
      list.push({
        userId: Number(row.user_id),
        confidence: rounded(row.confidence),
        cameraId: Number(row.camera_id),
        at: row.recognized_at,
        delivered: row.delivered_at !== null,
      });
    }
    return known;
  }
}

/** A `real` of the database as the number that went in: it keeps seven digits. */
function rounded(confidence: number): number {
  return Math.round(confidence * 10_000) / 10_000;
}
