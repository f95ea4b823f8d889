import { Injectable } from '@nestjs/common';
import {
  trafficAcquire,
  trafficHeartbeat,
  trafficRelease,
  trafficUpdateScope,
  type TrafficScope,
  type TrafficTeacher,
} from '@teleop/contracts';
import { isRefusal, Requests } from '@teleop/messaging';
import { InjectConfig } from '@teleop/service-kit';
import type { SessionSettings } from './session-settings';

/** `held`: the robot itself is somebody else's just now. `over`: the lock has ended. `away`: nobody knows. */
export type LockAnswer =
  | { readonly outcome: 'ok' }
  | { readonly outcome: 'conflict' | 'held' | 'robot_unknown'; readonly detail: string }
  | { readonly outcome: 'over' };

export interface WantedLock {
  readonly lockId: string;
  readonly robotId: string;
  readonly scope: TrafficScope;
  readonly teacher: TrafficTeacher;
  readonly correlationId: string;
}

const OK: LockAnswer = { outcome: 'ok' };
const OVER: LockAnswer = { outcome: 'over' };

/** Teach locks, as robot-gateway's traffic gives them. Throws an operational error when it does not answer. */
@Injectable()
export class TrafficLocks {
  constructor(
    private readonly requests: Requests,
    @InjectConfig() private readonly config: SessionSettings,
  ) {}

  async acquire({ lockId, robotId, scope, teacher, correlationId }: WantedLock): Promise<LockAnswer> {
    const ttlSeconds = this.config.TEACH_LOCK_TTL_S;
    try {
      await this.requests.ask(trafficAcquire, {
        ...{ lockId, robotId, scope, ttlSeconds, teacher, correlationId },
        purpose: 'teach',
      });
      return OK;
    } catch (error) {
      if (!isRefusal(error, trafficAcquire)) throw error;
      const { code, detail } = error;
      switch (code) {
        case 'traffic_lock_conflict':
          return { outcome: 'conflict', detail };
        case 'robot_held':
          return { outcome: 'held', detail };
        case 'robot_unknown':
          return { outcome: 'robot_unknown', detail };
        case 'traffic_lock_unknown':
          return OVER;
        default:
          return code satisfies never;
      }
    }
  }

  async heartbeat(lockId: string): Promise<LockAnswer> {
    try {
      await this.requests.ask(trafficHeartbeat, { lockId, ttlSeconds: this.config.TEACH_LOCK_TTL_S });
      return OK;
    } catch (error) {
      if (isRefusal(error, trafficHeartbeat)) return OVER;
      throw error;
    }
  }

  async changeScope(lockId: string, scope: TrafficScope): Promise<LockAnswer> {
    try {
      await this.requests.ask(trafficUpdateScope, { lockId, scope });
      return OK;
    } catch (error) {
      if (!isRefusal(error, trafficUpdateScope)) throw error;
      return error.code === 'traffic_lock_conflict' ? { outcome: 'conflict', detail: error.detail } : OVER;
    }
  }

  async release(lockId: string): Promise<void> {
    await this.requests.ask(trafficRelease, { lockId });
  }
}
