import { Injectable } from '@nestjs/common';
import {
  authorizeWatcher,
  currentTurn,
  queueSnapshot,
  queueVersions,
  type AskAuthorizeWatcher,
  type AskQueueSnapshot,
  type AskQueueVersions,
  type AskTurn,
  type CurrentTurn,
  type QueueUpdate,
  type QueueVersions,
  type WatcherAuthorized,
} from '@teleop/contracts';
import { Answers, refuse } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { ProblemError } from '@teleop/service-kit';
import { Callers } from '../users/callers';
import { ReadQueue } from './read-queue';
import { TurnsRepository } from './turns.repository';

const NO_ROBOT = 'Robot not found';

/** What other services ask about queues. */
@Injectable()
export class QueueAnswers {
  constructor(
    private readonly read: ReadQueue,
    private readonly callers: Callers,
    private readonly turns: TurnsRepository,
    private readonly database: Database,
  ) {}

  @Answers(queueSnapshot)
  async snapshot({ robotId }: AskQueueSnapshot): Promise<QueueUpdate> {
    const update = await this.read.snapshot(robotId);
    if (update === undefined) throw refuse(queueSnapshot, 'ROBOT_NOT_FOUND', NO_ROBOT);
    return update;
  }

  @Answers(queueVersions)
  async versions({ robotIds }: AskQueueVersions): Promise<QueueVersions> {
    return { versions: await this.read.versions(robotIds) };
  }

  @Answers(currentTurn)
  async turn({ robotId }: AskTurn): Promise<CurrentTurn> {
    const turn = await this.read.currentTurn(robotId);
    if (turn === undefined) throw refuse(currentTurn, 'ROBOT_NOT_FOUND', NO_ROBOT);
    return turn;
  }

  @Answers(authorizeWatcher)
  async watcher({ robotId, userId, token }: AskAuthorizeWatcher): Promise<WatcherAuthorized> {
    const credential = await this.callers.credentialFrom(token, userId);
    try {
      await this.callers.authenticate(this.database, userId, credential);
    } catch (error) {
      if (error instanceof ProblemError) throw refuse(authorizeWatcher, 'UNAUTHORIZED', error.message);
      throw error;
    }
    if (!(await this.turns.robotExists(this.database, robotId))) {
      throw refuse(authorizeWatcher, 'ROBOT_NOT_FOUND', NO_ROBOT);
    }
    return { userId };
  }
}
