import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '@teleop/auth';
import type { CreateTeachSessionBody } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { DraftMissions } from './draft-missions';
import { joined, NOWHERE } from './domain/scope';
import { robotUnknown } from './refusals';
import { RobotDesk } from './robot-desk';
import { SessionNews } from './session-news';
import type { SessionRow } from './session-record';
import { SessionStore } from './session-store';

/** A session begins as a DRAFT, with the empty draft of the mission that it is to teach. */
@Injectable()
export class CreateSession {
  constructor(
    private readonly database: Database,
    private readonly store: SessionStore,
    private readonly drafts: DraftMissions,
    private readonly robots: RobotDesk,
    private readonly news: SessionNews,
  ) {}

  /** Throws 404 robot_unknown. */
  async run({ robotId, ...body }: CreateTeachSessionBody, { userId, name }: Principal): Promise<SessionRow> {
    if ((await this.robots.connected(robotId)) === undefined) throw robotUnknown(robotId);
    const missionName = body.missionName ?? null;
    const row = await this.database.transaction(async (tx) => {
      const draftMissionId = await this.drafts.create(tx, { robotId, missionName, userId });
      const created = await this.store.insert(tx, {
        sessionId: randomUUID(),
        robotId,
        missionName,
        userId,
        userName: name,
        draftMissionId,
        region: joined(body.scope ?? NOWHERE),
      });
      await this.news.updated(tx, created);
      return created;
    });
    this.news.poke();
    return row;
  }
}
