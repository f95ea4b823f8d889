import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@teleop/auth';
import { Database, isUniqueViolation } from '@teleop/persistence';
import { InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import { mayBecome } from './domain/session-status';
import { joined } from './domain/scope';
import { DraftMissions } from './draft-missions';
import { EndSession } from './end-session';
import { Recordings } from './recordings';
import * as refusals from './refusals';
import { RobotDesk } from './robot-desk';
import { SessionNews } from './session-news';
import type { SessionRow } from './session-record';
import type { SessionSettings } from './session-settings';
import { SessionStore } from './session-store';
import { TrafficLocks, type LockAnswer, type WantedLock } from './traffic-locks';

const ONE_RECORDING = 'teach_session_recording';

/**
 * Flow A. The lock comes first and is of no use without the session's row: whatever happens in between, nobody renews it
 * and it is gone within its time to live. The robot is told by the outbox, in the transaction that makes it RECORDING.
 */
@Injectable()
export class StartSession {
  constructor(
    private readonly database: Database,
    private readonly store: SessionStore,
    private readonly drafts: DraftMissions,
    private readonly robots: RobotDesk,
    private readonly locks: TrafficLocks,
    private readonly news: SessionNews,
    private readonly ending: EndSession,
    private readonly recordings: Recordings,
    @InjectConfig() private readonly config: SessionSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Throws what `refusals` says; only an absent robot changes the session: it has FAILED then. */
  async run(sessionId: string, { userId, name }: Principal): Promise<SessionRow> {
    const session = await this.store.find(sessionId);
    if (session === undefined) throw refusals.sessionUnknown();
    if (!mayBecome(session.status, 'RECORDING')) throw refusals.notStartable(session);
    const { robot_id: robotId } = session;
    await this.mustNotTeach(robotId, sessionId);
    const connected = await this.robots.connected(robotId);
    if (connected === undefined) throw refusals.robotUnknown(robotId);
    if (!connected) {
      await this.ending.failUnstarted(sessionId, 'robot_offline');
      throw refusals.robotOffline(robotId);
    }
    const scope = joined(session.region_json, await this.robots.whereabouts(robotId));
    const teacher = { userId, name: name === '' ? userId : name };
    const lock = { lockId: randomUUID(), robotId, scope, teacher, correlationId: randomUUID() };
    await this.acquired(lock, sessionId);
    return this.begun(session, lock);
  }

  private async mustNotTeach(robotId: string, sessionId: string): Promise<void> {
    const other = await this.store.recordingOf(robotId);
    if (other === undefined) return;
    throw other.teach_session_id === sessionId
      ? refusals.notStartable(other)
      : refusals.alreadyTeaching(robotId);
  }

  private async acquired(lock: WantedLock, sessionId: string): Promise<void> {
    const answer = await this.asked(lock);
    switch (answer.outcome) {
      case 'ok':
        return;
      case 'robot_unknown':
        throw refusals.robotUnknown(lock.robotId);
      case 'held':
        // By another session, perhaps, that was quicker.
        await this.mustNotTeach(lock.robotId, sessionId);
        throw refusals.lockConflict(`The robot is not free: ${answer.detail}`);
      case 'conflict':
        throw refusals.lockConflict(answer.detail);
      case 'over':
        throw refusals.lockConflict('The lock ended before the session began');
      default:
        return answer satisfies never;
    }
  }

  /** A question without an answer may have been heard: what it may have got is given back. */
  private async asked(lock: WantedLock): Promise<LockAnswer> {
    try {
      return await this.locks.acquire(lock);
    } catch (error) {
      await this.ending.giveBack(lock.lockId);
      throw error;
    }
  }

  private async begun(
    session: SessionRow,
    { lockId, scope, correlationId }: WantedLock,
  ): Promise<SessionRow> {
    const { teach_session_id: sessionId, robot_id: robotId } = session;
    try {
      const row = await this.database.transaction(async (tx) => {
        const begun = await this.store.begin(tx, {
          sessionId,
          lockId,
          scope,
          correlationId,
          draftMissionId: await this.drafts.ensure(tx, session),
          owner: this.recordings.replica,
          ownerMs: this.config.TEACH_OWNER_MS,
        });
        if (begun === undefined) return undefined;
        await this.news.control(tx, begun, 'teachStart');
        await this.news.lock(tx, begun, { lockId, scope });
        await this.news.updated(tx, begun);
        return begun;
      });
      if (row === undefined) throw refusals.notStartable((await this.store.find(sessionId)) ?? session);
      this.recordings.began(row);
      this.news.poke();
      this.log.info({ sessionId, robotId }, 'teaching begins');
      return row;
    } catch (error) {
      await this.ending.giveBack(lockId);
      throw isUniqueViolation(error, ONE_RECORDING) ? refusals.alreadyTeaching(robotId) : error;
    }
  }
}
