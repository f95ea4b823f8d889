import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CreateMissionBody, UpdateMissionBody } from '@teleop/contracts';
import { Outbox } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { InjectConfig } from '@teleop/service-kit';
import { problem } from '../problems';
import { mayBecome } from './domain/mission-status';
import { draftSteps } from './draft-steps';
import { mustMatch } from './etag';
import type { MissionRowWithSteps, NewMission } from './mission-record';
import type { MissionSettings } from './mission-settings';
import { MissionStore } from './mission-store';

/** What people do to missions, but for publishing. */
@Injectable()
export class EditMissions {
  constructor(
    private readonly database: Database,
    private readonly store: MissionStore,
    private readonly outbox: Outbox<'teach-service'>,
    @InjectConfig() private readonly config: MissionSettings,
  ) {}

  create(body: CreateMissionBody, createdBy: string): Promise<MissionRowWithSteps> {
    return this.insert({
      missionId: randomUUID(),
      name: body.name,
      description: body.description ?? null,
      steps: draftSteps(body.steps ?? [], this.config.MISSION_MAX_STEPS),
      createdBy,
    });
  }

  /** Throws 404. */
  async read(missionId: string): Promise<MissionRowWithSteps> {
    const row = await this.store.find(missionId);
    if (row === undefined) throw problem('mission_unknown');
    return row;
  }

  /** Throws 404, 409 when it is no draft, 412 when the caller saw another one, or it changed while he was writing. */
  async update(
    missionId: string,
    body: UpdateMissionBody,
    ifMatch: string | undefined,
  ): Promise<MissionRowWithSteps> {
    const steps = body.steps && draftSteps(body.steps, this.config.MISSION_MAX_STEPS);
    return this.changing(missionId, ifMatch, async (row) => {
      if (row.status !== 'DRAFT') throw problem('mission_not_draft');
      return this.store.update(row, {
        name: body.name ?? row.name,
        description: body.description === undefined ? row.description : body.description,
        steps: steps ?? row.steps_json,
      });
    });
  }

  /** One that is archived already stays so. Throws 404, 409, 412. */
  archive(missionId: string, ifMatch: string | undefined): Promise<MissionRowWithSteps> {
    return this.changing(missionId, ifMatch, async (row) => {
      if (row.status === 'ARCHIVED') return row;
      if (!mayBecome(row.status, 'ARCHIVED')) throw problem('mission_not_published');
      return this.store.archive(row);
    });
  }

  /** A new draft of a mission that was published; its version goes on from there. */
  async copy(missionId: string, createdBy: string): Promise<MissionRowWithSteps> {
    const source = await this.read(missionId);
    if (source.status === 'DRAFT') throw problem('mission_not_published');
    return this.insert({
      missionId: randomUUID(),
      name: source.name,
      description: source.description,
      steps: source.steps_json,
      createdBy,
      version: source.version,
      sourceMissionId: source.mission_id,
      ...(source.last_teach_robot_id !== null && { robotId: source.last_teach_robot_id }),
    });
  }

  private async insert(mission: NewMission): Promise<MissionRowWithSteps> {
    const row = await this.database.transaction((tx) => this.store.insert(tx, mission));
    this.outbox.poke();
    return row;
  }

  /** Tries again when somebody else was faster; without `If-Match` the last one to write wins, as he asked for. */
  private async changing(
    missionId: string,
    ifMatch: string | undefined,
    change: (row: MissionRowWithSteps) => Promise<MissionRowWithSteps | undefined>,
  ): Promise<MissionRowWithSteps> {
    for (let attempt = 0; attempt < this.config.MISSION_CHANGE_ATTEMPTS; attempt += 1) {
      const row = await this.read(missionId);
      mustMatch(ifMatch, row);
      const changed = await change(row);
      if (changed !== undefined) return changed;
    }
    throw problem('mission_busy');
  }
}
