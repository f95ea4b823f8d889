import { Injectable } from '@nestjs/common';
import { teachMissionUpdated, type MissionStatus } from '@teleop/contracts';
import { Outbox, type Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { InjectConfig } from '@teleop/service-kit';
import type { PublishedAs } from './domain/publishable';
import type { MissionStep } from './domain/steps';
import type { MissionRow, MissionRowWithSteps, NewMission } from './mission-record';
import type { MissionSettings } from './mission-settings';
import {
  ARCHIVE_MISSION,
  HOLD_DRAFT,
  PUBLISH_MISSION,
  TEACH_STEPS,
  UPDATE_DRAFT,
} from './sql/change-mission.sql';
import { INSERT_MISSION } from './sql/insert-mission.sql';
import { READ_MISSION, READ_MISSIONS } from './sql/read-mission.sql';

export interface MissionQuery {
  readonly status?: MissionStatus;
  readonly cursor?: string;
  readonly limit: number;
}

export interface DraftContent {
  readonly name: string;
  readonly description: string | null;
  readonly steps: readonly MissionStep[];
}

/** Missions in PostgreSQL. Whatever it changes it announces, in the same transaction. */
@Injectable()
export class MissionStore {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox<'teach-service'>,
    @InjectConfig() private readonly config: MissionSettings,
  ) {}

  find(missionId: string, tx: Tx = this.database): Promise<MissionRowWithSteps | undefined> {
    return tx.maybe<MissionRowWithSteps>(READ_MISSION, [missionId]);
  }

  /** Newest first, and one more than asked for when there are more. */
  page({ status, cursor, limit }: MissionQuery): Promise<MissionRow[]> {
    return this.database.query<MissionRow>(READ_MISSIONS, [status ?? null, cursor ?? null, limit + 1]);
  }

  /** A new draft. */
  async insert(tx: Tx, mission: NewMission): Promise<MissionRowWithSteps> {
    const row = await tx.one<MissionRowWithSteps>(INSERT_MISSION, [
      mission.missionId,
      mission.name,
      mission.description,
      JSON.stringify(mission.steps),
      mission.createdBy,
      mission.version ?? 0,
      mission.sourceMissionId ?? null,
      mission.robotId ?? null,
    ]);
    await this.announce(tx, row, mission.robotId);
    return row;
  }

  /**
   * Changes the steps of a draft that a robot is being taught; nobody else changes it meanwhile. Undefined: it is no draft,
   * or would have more steps than it may.
   */
  async teach(
    tx: Tx,
    missionId: string,
    change: (steps: readonly MissionStep[]) => Promise<readonly MissionStep[]>,
    robotId: string,
  ): Promise<MissionRow | undefined> {
    const held = await tx.maybe<Pick<MissionRowWithSteps, 'steps_json'>>(HOLD_DRAFT, [missionId]);
    if (held === undefined) return undefined;
    const steps = await change(held.steps_json);
    if (steps.length > this.config.MISSION_MAX_STEPS) return undefined;
    const row = await tx.one<MissionRow>(TEACH_STEPS, [missionId, JSON.stringify(steps), robotId]);
    await this.announce(tx, row, robotId);
    return row;
  }

  /** Undefined: it is no draft, or has changed since it was read. The same is true of those below. */
  update(read: MissionRow, { name, description, steps }: DraftContent) {
    return this.changed(UPDATE_DRAFT, read, [name, description, JSON.stringify(steps)]);
  }

  publish(read: MissionRow, { required, why, actionTimeSeconds }: PublishedAs) {
    return this.changed(PUBLISH_MISSION, read, [
      required.has('hasHoist'),
      required.has('hasTelescope'),
      required.has('hasRotate'),
      required.has('hasGrip'),
      JSON.stringify(why),
      actionTimeSeconds,
    ]);
  }

  archive(read: MissionRow) {
    return this.changed(ARCHIVE_MISSION, read, []);
  }

  private async changed(
    statement: string,
    read: MissionRow,
    params: readonly unknown[],
  ): Promise<MissionRowWithSteps | undefined> {
    const changed = await this.database.transaction(async (tx) => {
      const row = await tx.maybe<MissionRowWithSteps>(statement, [read.mission_id, read.revision, ...params]);
      if (row !== undefined) await this.announce(tx, row);
      return row;
    });
    if (changed !== undefined) this.outbox.poke();
    return changed;
  }

  private async announce(tx: Tx, row: MissionRow, robotId?: string): Promise<void> {
    await this.outbox.append(tx, teachMissionUpdated, {
      missionId: row.mission_id,
      status: row.status,
      version: row.version,
      revision: row.revision,
      ...(robotId !== undefined && { robotId }),
    });
  }
}
