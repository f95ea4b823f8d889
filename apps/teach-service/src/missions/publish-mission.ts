import { Injectable } from '@nestjs/common';
import { InjectConfig } from '@teleop/service-kit';
import { faultyMission, problem } from '../problems';
import { CheckMission } from './check-mission';
import { mustMatch } from './etag';
import type { MissionRowWithSteps } from './mission-record';
import type { MissionSettings } from './mission-settings';
import { MissionStore } from './mission-store';

export interface PublishRequest {
  readonly missionId: string;
  /** Whose equipment counts; absent: of the robot it was taught on, if it was. */
  readonly robotId?: string | null;
  readonly ifMatch: string | undefined;
}

/** Flow D. What is published was checked as it stands there: a draft that changes meanwhile is checked anew. */
@Injectable()
export class PublishMission {
  constructor(
    private readonly store: MissionStore,
    private readonly check: CheckMission,
    @InjectConfig() private readonly config: MissionSettings,
  ) {}

  /** One that is no draft is answered as it is. Throws 404, 412, and 422 with everything that is wrong with it. */
  async run({ missionId, robotId, ifMatch }: PublishRequest): Promise<MissionRowWithSteps> {
    for (let attempt = 0; attempt < this.config.MISSION_CHANGE_ATTEMPTS; attempt += 1) {
      const row = await this.store.find(missionId);
      if (row === undefined) throw problem('mission_unknown');
      mustMatch(ifMatch, row);
      if (row.status !== 'DRAFT') return row;
      const { as, faults } = await this.check.run(row, robotId);
      if (as === undefined) throw faultyMission(faults);
      const published = await this.store.publish(row, as);
      if (published !== undefined) return published;
    }
    throw problem('mission_busy');
  }
}
