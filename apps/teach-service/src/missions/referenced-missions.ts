import { Injectable } from '@nestjs/common';
import { isUuid, type MissionStatus } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { InjectConfig } from '@teleop/service-kit';
import { referencesOf, type Referenced, type ReferencedMission } from './domain/mission-graph';
import type { MissionStep } from './domain/steps';
import type { MissionSettings } from './mission-settings';
import { READ_REFERENCED } from './sql/read-mission.sql';

interface ReferencedRow {
  readonly mission_id: string;
  readonly status: MissionStatus;
  readonly name: string;
  readonly steps_json: readonly MissionStep[];
}

/** More missions than this service follows. */
export class TooManyReferences extends Error {
  override readonly name = 'TooManyReferences';
}

/** Everything that can be reached from a mission by its references, one question a level. */
@Injectable()
export class ReferencedMissions {
  constructor(
    private readonly database: Database,
    @InjectConfig() private readonly config: MissionSettings,
  ) {}

  /** Those that do not exist are missing. Throws TooManyReferences. */
  async of(steps: readonly MissionStep[]): Promise<Referenced> {
    const found = new Map<string, ReferencedMission>();
    const asked = new Set<string>();
    let wanted = referencesOf(steps).filter(isUuid);
    while (wanted.length > 0) {
      for (const missionId of wanted) asked.add(missionId);
      if (asked.size > this.config.MISSION_MAX_REFERENCES) throw new TooManyReferences();
      const rows = await this.database.query<ReferencedRow>(READ_REFERENCED, [wanted]);
      for (const { mission_id, status, name, steps_json } of rows)
        found.set(mission_id, { missionId: mission_id, status, name, steps: steps_json });
      const next = rows.flatMap((row) => referencesOf(row.steps_json));
      wanted = [...new Set(next)].filter((missionId) => isUuid(missionId) && !asked.has(missionId));
    }
    return found;
  }
}
