import { Injectable } from '@nestjs/common';
import {
  trafficAcquire,
  trafficHeartbeat,
  trafficRelease,
  trafficUpdateScope,
  type AskTrafficAcquire,
  type AskTrafficHeartbeat,
  type AskTrafficRelease,
  type AskTrafficUpdateScope,
  type TrafficLockAnswer,
  type TrafficReleased,
} from '@teleop/contracts';
import { Answers, refuse } from '@teleop/messaging';
import { ChangeTraffic } from './change-traffic';
import { conflictsInWords } from './domain/scope';
import type { TrafficLock } from './traffic-lock';
import type { Refusal } from './traffic-lock-store';

const OVER = 'the traffic lock is over, or never was';

/** Traffic locks as other services ask for them. */
@Injectable()
export class TrafficAnswers {
  constructor(private readonly change: ChangeTraffic) {}

  @Answers(trafficAcquire)
  async acquire(ask: AskTrafficAcquire): Promise<TrafficLockAnswer> {
    const result = await this.change.acquire(ask);
    if (!('refused' in result)) return answerOf(result.lock);
    if (result.refused === 'robot_unknown') {
      throw refuse(trafficAcquire, 'robot_unknown', `there is no robot ${ask.robotId}`);
    }
    if (result.refused === 'robot_held') throw refuse(trafficAcquire, 'robot_held', result.by);
    throw refuse(trafficAcquire, ...codeAndDetail(result));
  }

  @Answers(trafficHeartbeat)
  async heartbeat({ lockId, ttlSeconds }: AskTrafficHeartbeat): Promise<TrafficLockAnswer> {
    const lock = await this.change.heartbeat(lockId, ttlSeconds);
    if (lock === undefined) throw refuse(trafficHeartbeat, 'traffic_lock_unknown', OVER);
    return answerOf(lock);
  }

  @Answers(trafficUpdateScope)
  async updateScope({ lockId, scope }: AskTrafficUpdateScope): Promise<TrafficLockAnswer> {
    const result = await this.change.updateScope(lockId, scope);
    if ('refused' in result) throw refuse(trafficUpdateScope, ...codeAndDetail(result));
    return answerOf(result.lock);
  }

  @Answers(trafficRelease)
  async release({ lockId }: AskTrafficRelease): Promise<TrafficReleased> {
    await this.change.release(lockId);
    return { lockId };
  }
}

function codeAndDetail(result: Refusal): ['traffic_lock_conflict' | 'traffic_lock_unknown', string] {
  switch (result.refused) {
    case 'conflict':
      return ['traffic_lock_conflict', conflictsInWords(result.conflicts)];
    case 'not_yours':
      return ['traffic_lock_conflict', 'the lock of another robot has this id'];
    case 'over':
    case 'robot_unknown':
    case 'robot_held':
      return ['traffic_lock_unknown', OVER];
  }
}

function answerOf({ lockId, robotId, scope, expiresAt }: TrafficLock): TrafficLockAnswer {
  return { lockId, robotId, scope, expiresAt: expiresAt.toISOString() };
}
