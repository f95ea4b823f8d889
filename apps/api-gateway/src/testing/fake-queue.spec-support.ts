import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import {
  authorizeWatcher,
  eventSubject,
  queueChanged,
  queueSnapshot,
  queueVersions,
  type AskAuthorizeWatcher,
  type AskQueueSnapshot,
  type AskQueueVersions,
  type QueueUpdate,
} from '@teleop/contracts';

export const USER = '00000000-0000-4000-8000-000000000001';
export const TOKEN = 'hash-1';

/** queue-service as far as the gateway hears of it, over a real NATS. */
export class FakeQueue {
  readonly versions = new Map<string, number>([['arm1', 1]]);
  readonly asked = { snapshot: 0, versions: 0, authorize: 0 };
  /** Milliseconds before an answer. */
  delayMs = 0;
  /** Text added to every row: makes an update as large as wanted. */
  padding = '';
  /** People in the queue: one, who drives, or nobody. */
  rows: 0 | 1 = 1;
  #nc: NatsConnection | undefined;

  static async start(natsUrl: string): Promise<FakeQueue> {
    const queue = new FakeQueue();
    queue.#nc = await connect({
      servers: new URL(natsUrl).host,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    });
    queue.answer();
    return queue;
  }

  get nc(): NatsConnection {
    if (this.#nc === undefined) throw new Error('not started');
    return this.#nc;
  }

  /** Changes the queue; `announced: false` loses the news on the way. */
  async change(robotId: string, options: { announced?: boolean; by?: number } = {}): Promise<number> {
    const version = (this.versions.get(robotId) ?? 0) + (options.by ?? 1);
    this.versions.set(robotId, version);
    if (options.announced !== false) {
      const payload = { robotId, version };
      this.nc.publish(eventSubject(queueChanged, payload), JSON.stringify(payload));
      await this.nc.flush();
    }
    return version;
  }

  async close(): Promise<void> {
    await this.#nc?.close();
  }

  snapshot(robotId: string): QueueUpdate {
    return {
      robotId,
      version: this.versions.get(robotId) ?? 0,
      robotAvailable: false,
      queue: [
        {
          user_id: USER,
          username: `Ada${this.padding}`,
          email: null,
          wallet_address: null,
          position: 1,
          status: 'active',
          remaining_time: 120,
          member_class: 'Innovator Member',
          fast_track: false,
          estimated_wait_s: null,
        } as const,
      ].slice(0, this.rows),
    };
  }

  private answer(): void {
    this.on(queueSnapshot.subject, ({ robotId }: AskQueueSnapshot) => {
      this.asked.snapshot += 1;
      return this.versions.has(robotId) ? { ok: this.snapshot(robotId) } : refused('ROBOT_NOT_FOUND');
    });
    this.on(queueVersions.subject, ({ robotIds }: AskQueueVersions) => {
      this.asked.versions += 1;
      const known = robotIds.filter((robotId) => this.versions.has(robotId));
      return { ok: { versions: known.map((robotId) => ({ robotId, version: this.versions.get(robotId) })) } };
    });
    this.on(authorizeWatcher.subject, ({ robotId, userId, token }: AskAuthorizeWatcher) => {
      this.asked.authorize += 1;
      if (token !== TOKEN) return refused('UNAUTHORIZED');
      return this.versions.has(robotId) ? { ok: { userId } } : refused('ROBOT_NOT_FOUND');
    });
  }

  private on<A>(subject: string, handle: (ask: A) => object): void {
    this.nc.subscribe(subject, {
      callback: (error, message: Msg) => {
        if (error !== null) throw error;
        const reply = JSON.stringify(handle(message.json<A>()));
        if (this.delayMs === 0) message.respond(reply);
        else setTimeout(() => message.respond(reply), this.delayMs);
      },
    });
  }
}

function refused(code: string): object {
  return { refused: { code, detail: `refused: ${code}` } };
}
