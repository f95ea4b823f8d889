import { Inject, Injectable } from '@nestjs/common';
import type {
  JoinQueueAnswer,
  LeaveQueueAnswer,
  LeaveQueueBody,
  RobotDisconnectAnswer,
  UserAndRobot,
} from '@teleop/contracts';
import { Outbox } from '@teleop/messaging';
import { Database, type Tx } from '@teleop/persistence';
import { QUEUE_CONFIG, type QueueConfig } from '../config';
import { IdempotentPosts } from '../idempotency/idempotent-posts';
import { Callers } from '../users/callers';
import type { Credential } from '../users/credential';
import { isRefusal, refusal } from './codes';
import { RobotLanes } from './robot-lanes';
import { TurnsRepository, type JoinRow } from './turns.repository';

/** Throws the refusal a function answered with; any other unknown code is a bug. */
function expectCode(code: string, ...accepted: string[]): void {
  if (accepted.includes(code)) return;
  if (isRefusal(code)) throw refusal(code);
  throw new Error(`the queue answered with an unknown code: ${code}`);
}

export interface CallerHeaders {
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** The changes of a queue that people and robots ask for. Each is one SQL function in one transaction. */
@Injectable()
export class ChangeQueue {
  constructor(
    private readonly database: Database,
    private readonly turns: TurnsRepository,
    private readonly lanes: RobotLanes,
    private readonly idempotent: IdempotentPosts,
    private readonly callers: Callers,
    private readonly outbox: Outbox<'queue-service'>,
    @Inject(QUEUE_CONFIG) private readonly config: QueueConfig,
  ) {}

  async join(body: UserAndRobot, headers: CallerHeaders): Promise<JoinQueueAnswer> {
    return this.asUser('queue/join', body, headers, async (tx, credential) => {
      const { TEST_MODE, FAST_TRACK_DAILY } = this.config;
      const row = await this.turns.join(tx, body, credential, TEST_MODE, FAST_TRACK_DAILY);
      expectCode(row.code, 'JOINED', 'ALREADY_IN_QUEUE');
      return {
        success: true,
        message: joinMessage(row, FAST_TRACK_DAILY),
        robotId: body.robotId,
        position: row.position,
        status: row.status,
        fast_track: row.fast_track,
      };
    });
  }

  async leave(body: LeaveQueueBody, headers: CallerHeaders): Promise<LeaveQueueAnswer> {
    return this.asUser('queue/leave', body, headers, async (tx, credential) => {
      const { code, points } = await this.turns.leave(tx, body, credential, body.inactive ?? false);
      expectCode(code, 'LEFT');
      return { success: true, message: 'Left the queue', robotId: body.robotId, reward_points: points };
    });
  }

  /** The robot's server says that its driver is gone: an inactive leave of whoever is active. */
  async disconnect(robotId: string, idempotencyKey: string | undefined): Promise<RobotDisconnectAnswer> {
    return this.asRobot('robot/disconnect', robotId, idempotencyKey, async (tx) => {
      const { code, user_id } = await this.turns.disconnect(tx, robotId, null);
      expectCode(code, 'DISCONNECTED', 'NO_ACTIVE_USER');
      return user_id === null ? { status: 'ok', message: 'No active user' } : { status: 'ok', user_id };
    });
  }

  async free(robotId: string, idempotencyKey: string | undefined): Promise<{ status: string }> {
    return this.asRobot('robot/free', robotId, idempotencyKey, async (tx) => {
      if (!(await this.turns.free(tx, robotId))) throw refusal('ROBOT_NOT_FOUND');
      return { status: 'ok' };
    });
  }

  private async asUser<T extends object>(
    call: string,
    body: UserAndRobot,
    headers: CallerHeaders,
    change: (tx: Tx, credential: Credential) => Promise<T>,
  ): Promise<T> {
    const credential = await this.callers.credentialOf(headers.authorization, body.userId);
    const key = headers.idempotencyKey;
    // A stored answer is shown to its owner only, so a keyed request is authenticated before it is looked up.
    if (key !== undefined) await this.callers.authenticate(this.database, body.userId, credential);
    const request = { scope: `${call}:${body.userId.toLowerCase()}`, key, body };
    const answer = await this.lanes.run(body.robotId, () =>
      this.idempotent.run(request, (tx) => change(tx, credential)),
    );
    this.outbox.poke();
    return answer;
  }

  private async asRobot<T extends object>(
    call: string,
    robotId: string,
    key: string | undefined,
    change: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    const request = { scope: `${call}:internal`, key, body: { robotId } };
    const answer = await this.lanes.run(robotId, () => this.idempotent.run(request, change));
    this.outbox.poke();
    return answer;
  }
}

function joinMessage(row: JoinRow, fastTrackDaily: number): string {
  if (row.code === 'ALREADY_IN_QUEUE') return 'Already in queue';
  if (row.fast_track) return 'Joined queue with fast track';
  if (row.fast_track_spent) {
    return `Joined queue. Your ${fastTrackDaily} fast-track joins of today are used up, so this is an ordinary place`;
  }
  return 'Joined queue';
}
