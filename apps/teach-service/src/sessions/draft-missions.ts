import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Tx } from '@teleop/messaging';
import { MissionStore } from '../missions/mission-store';
import type { SessionRow } from './session-record';

interface Wanted {
  readonly robotId: string;
  readonly missionName: string | null;
  readonly userId: string;
}

/** The missions that sessions teach. */
@Injectable()
export class DraftMissions {
  constructor(private readonly missions: MissionStore) {}

  async create(tx: Tx, { robotId, missionName, userId }: Wanted): Promise<string> {
    const missionId = randomUUID();
    await this.missions.insert(tx, {
      missionId,
      name: missionName ?? `Taught on ${robotId}`,
      description: null,
      steps: [],
      createdBy: userId,
      robotId,
    });
    return missionId;
  }

  /** The session's draft; another one when that has been published or archived, for it is to stay as it is. */
  async ensure(tx: Tx, row: SessionRow): Promise<string> {
    const { draft_mission_id: known, robot_id: robotId, mission_name: missionName, created_by: userId } = row;
    const draft = known === null ? undefined : await this.missions.find(known, tx);
    if (draft?.status === 'DRAFT') return draft.mission_id;
    return this.create(tx, { robotId, missionName, userId });
  }
}
