import { Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { ERASE_EVIDENCE } from './sql/erase-evidence.sql';
import { FIND_EVIDENCE } from './sql/find-evidence.sql';
import { LIST_EVIDENCE } from './sql/list-evidence.sql';
import { SWEEP_EVIDENCE } from './sql/sweep-evidence.sql';
import { SWEEP_SESSIONS } from './sql/sweep-sessions.sql';

export interface EvidenceFile {
  readonly slotId: number;
  readonly file: string;
}

@Injectable()
export class EvidenceStore {
  constructor(private readonly database: Database) {}

  async find(slotId: number, file: string): Promise<Buffer | undefined> {
    return (await this.database.maybe<{ jpeg: Buffer }>(FIND_EVIDENCE, [slotId, file]))?.jpeg;
  }

  /** The newest file of each student of a slot. */
  async filesOf(slotId: number): Promise<Map<number, string>> {
    const rows = await this.database.query<{ user_id: string; file: string }>(LIST_EVIDENCE, [slotId]);
    return new Map(rows.map(({ user_id, file }) => [Number(user_id), file]));
  }

  /** Returns what was removed. */
  async erase(userId: number): Promise<EvidenceFile[]> {
    const rows = await this.database.query<{ slot_id: string; file: string }>(ERASE_EVIDENCE, [userId]);
    return rows.map(({ slot_id, file }) => ({ slotId: Number(slot_id), file }));
  }

  async sweep(days: number): Promise<void> {
    await this.database.query(SWEEP_EVIDENCE, [days]);
    await this.database.query(SWEEP_SESSIONS, [days]);
  }
}
