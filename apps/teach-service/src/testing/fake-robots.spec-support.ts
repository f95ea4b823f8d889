import {
  describeRobot,
  robotStatuses,
  trafficAcquire,
  trafficHeartbeat,
  trafficRelease,
  trafficUpdateScope,
  type AskTrafficAcquire,
  type TrafficScope,
} from '@teleop/contracts';
import { connect, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';

interface FakeLock {
  readonly lockId: string;
  readonly robotId: string;
  scope: TrafficScope;
  ttlMs: number;
  /** performance.now() */
  endsAt: number;
  beats: number[];
}

interface FakeRobot {
  connected: boolean;
  position: string;
}

const overlaps = (a: TrafficScope, b: TrafficScope) =>
  a.nodeIds.some((id) => b.nodeIds.includes(id)) || a.pathIds.some((id) => b.pathIds.includes(id));

/** robot-gateway as far as teaching asks it: robots, and traffic locks that end when nobody renews them. */
export class FakeRobots {
  readonly robots = new Map<string, FakeRobot>();
  readonly locks = new Map<string, FakeLock>();
  /** Locks that ended because nobody renewed them. */
  readonly expired: FakeLock[] = [];
  readonly acquired: AskTrafficAcquire[] = [];
  #subscriptions: Subscription[] = [];

  private constructor(readonly nc: NatsConnection) {
    this.comeBack();
  }

  static async start(natsUrl: string): Promise<FakeRobots> {
    return new FakeRobots(await connect({ servers: natsUrl }));
  }

  add(robotId: string, position = `home-${robotId}`): string {
    this.robots.set(robotId, { connected: true, position });
    return robotId;
  }

  /** Nobody answers any more. */
  goAway(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.unsubscribe();
  }

  comeBack(): void {
    this.answer(describeRobot.subject, ({ robotId }) => this.describe(robotId as string));
    this.answer(robotStatuses.subject, ({ robotIds }) => this.statuses(robotIds as string[]));
    this.answer(trafficAcquire.subject, (ask) => this.acquire(ask as unknown as AskTrafficAcquire));
    this.answer(trafficHeartbeat.subject, ({ lockId }) => this.heartbeat(lockId as string));
    this.answer(trafficUpdateScope.subject, ({ lockId, scope }) =>
      this.updateScope(lockId as string, scope as TrafficScope),
    );
    this.answer(trafficRelease.subject, ({ lockId }) => {
      this.locks.delete(lockId as string);
      return { ok: { lockId } };
    });
  }

  /** The live lock of a robot. */
  lockOf(robotId: string): FakeLock | undefined {
    this.expire();
    return [...this.locks.values()].find((lock) => lock.robotId === robotId);
  }

  /** Another robot takes a part of the map. */
  occupy(robotId: string, scope: TrafficScope): void {
    const lock = { lockId: `other-${robotId}`, robotId, scope, ttlMs: 1e9, endsAt: Infinity, beats: [] };
    this.locks.set(lock.lockId, lock);
  }

  async close(): Promise<void> {
    await this.nc.close();
  }

  private answer(subject: string, work: (ask: Record<string, unknown>) => object): void {
    const callback = (_: Error | null, message: Msg) => {
      message.respond(JSON.stringify(work(message.json<Record<string, unknown>>())));
    };
    this.#subscriptions.push(this.nc.subscribe(subject, { callback }));
  }

  private describe(robotId: string): object {
    const robot = this.robots.get(robotId);
    if (robot === undefined) return refused('robot_unknown', `there is no robot ${robotId}`);
    const { connected } = robot;
    return { ok: { robotId, name: robotId, connected, capabilities: {}, limits: {} } };
  }

  private statuses(robotIds: string[]): object {
    const statuses = robotIds.flatMap((robotId) => {
      const robot = this.robots.get(robotId);
      if (robot === undefined) return [];
      return [{ robotId, version: 1, status: { position: robot.position, robotConnected: robot.connected } }];
    });
    return { ok: { statuses } };
  }

  private acquire(ask: AskTrafficAcquire): object {
    this.expire();
    this.acquired.push(ask);
    const { lockId, robotId, scope, ttlSeconds } = ask;
    for (const other of this.locks.values()) {
      if (other.robotId === robotId) return refused('robot_held', 'it is being taught');
      if (overlaps(other.scope, scope))
        return refused('traffic_lock_conflict', `robot ${other.robotId} has locked it`);
    }
    const ttlMs = ttlSeconds * 1_000;
    this.locks.set(lockId, {
      ...{ lockId, robotId, scope, ttlMs },
      endsAt: performance.now() + ttlMs,
      beats: [],
    });
    return this.shown(lockId);
  }

  private heartbeat(lockId: string): object {
    this.expire();
    const lock = this.locks.get(lockId);
    if (lock === undefined) return refused('traffic_lock_unknown', 'it is over');
    lock.beats.push(performance.now());
    lock.endsAt = performance.now() + lock.ttlMs;
    return this.shown(lockId);
  }

  private updateScope(lockId: string, scope: TrafficScope): object {
    this.expire();
    const lock = this.locks.get(lockId);
    if (lock === undefined) return refused('traffic_lock_unknown', 'it is over');
    for (const other of this.locks.values())
      if (other !== lock && overlaps(other.scope, scope))
        return refused('traffic_lock_conflict', `robot ${other.robotId} has locked it`);
    lock.scope = scope;
    return this.shown(lockId);
  }

  private shown(lockId: string): object {
    const { robotId, scope } = this.locks.get(lockId)!;
    return { ok: { lockId, robotId, scope, expiresAt: new Date().toISOString() } };
  }

  private expire(): void {
    for (const lock of this.locks.values()) {
      if (performance.now() < lock.endsAt) continue;
      this.locks.delete(lock.lockId);
      this.expired.push(lock);
    }
  }
}

function refused(code: string, detail: string): object {
  return { refused: { code, detail } };
}
