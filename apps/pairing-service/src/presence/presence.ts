import { Inject, Injectable } from '@nestjs/common';
import { InjectConfig, REDIS } from '@teleop/service-kit';
import type { DeviceStatus } from '@teleop/contracts';
import type { Redis } from 'ioredis';
import type { PairingConfig } from '../config';
import { ReplicaLink } from '../replicas/replica-link';
import type { Role } from '../sessions/role';
import { Keys } from './keys';
import { runScript, runScripts, type ScriptCall } from './run-script';
import { APP_HERE, ARRIVE, LEAVE, STAY } from './sockets.lua';

const MISSED_SIGNS = 4;

/** A socket of this replica, as presence knows it. */
export type HeldSocket =
  | {
      readonly role: 'device';
      readonly id: string;
      readonly deviceId: string;
      readonly sessionId: string | undefined;
    }
  | { readonly role: 'app'; readonly id: string; readonly tokenHash: string };

export interface SocketAt {
  readonly replica: string;
  readonly connection: string;
}

/** Which sockets are where, in Redis, for all replicas. What a dead replica left behind counts no more. */
@Injectable()
export class Presence {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly keys: Keys,
    private readonly link: ReplicaLink,
    @InjectConfig() private readonly config: PairingConfig,
  ) {}

  /** The device's newest socket is here; answers the one it replaces. */
  async deviceArrived(deviceId: string, connection: string): Promise<SocketAt | undefined> {
    const args = [this.link.replica, connection, this.keepMs()];
    const answer = await runScript(this.redis, ARRIVE, [this.keys.device(deviceId)], args);
    const [replica, older] = answer as [string, string];
    return older === '' ? undefined : { replica, connection: older };
  }

  /** Still here, in this session or in none. False: a newer socket of the device is elsewhere. */
  async deviceIs(deviceId: string, connection: string, sessionId: string | undefined): Promise<boolean> {
    return (await this.renew({ role: 'device', id: connection, deviceId, sessionId })) === 1;
  }

  /** Says of all of these at once that they are still here. Answers those whose device has a newer socket elsewhere. */
  async stillHere<S extends HeldSocket>(sockets: readonly S[]): Promise<S[]> {
    const answers = await runScripts(
      this.redis,
      sockets.map((socket) => this.renewalOf(socket)),
    );
    return sockets.filter(({ role }, index) => role === 'device' && answers[index] !== 1);
  }

  async deviceLeft(deviceId: string, connection: string): Promise<void> {
    await runScript(this.redis, LEAVE, [this.keys.device(deviceId)], [connection]);
  }

  async appArrived(connection: string, tokenHash: string): Promise<void> {
    await this.renew({ role: 'app', id: connection, tokenHash });
  }

  async appLeft(connection: string): Promise<void> {
    await this.redis.del(this.keys.app(connection));
  }

  /** Where this side of a session lives, for the other replicas that its client may come back to. */
  async sideIs(sessionId: string, role: Role): Promise<void> {
    const key = this.keys.session(sessionId);
    await this.redis.multi().hset(key, role, this.link.replica).pexpire(key, this.keepMs()).exec();
  }

  /** The address of the replica where this side lives, '' while that has none; undefined when it is here or nowhere. */
  async sideAt(sessionId: string, role: Role): Promise<string | undefined> {
    const replica = await this.redis.hget(this.keys.session(sessionId), role);
    if (replica === null || replica === this.link.replica) return undefined;
    return (await this.redis.get(this.keys.replica(replica))) ?? undefined;
  }

  /** `url`: where other replicas reach this one; '' while it is not known. */
  async replicaLives(url: string): Promise<void> {
    const key = this.keys.replica(this.link.replica);
    await this.redis.set(key, url, 'PX', this.config.REPLICA_ALIVE_MS * MISSED_SIGNS);
  }

  async replicaEnds(replica: string): Promise<void> {
    await this.redis.del(this.keys.replica(replica));
  }

  async deviceAt(deviceId: string): Promise<SocketAt | undefined> {
    const [replica, connection] = await this.redis.hmget(this.keys.device(deviceId), 'replica', 'connection');
    return replica && connection ? { replica, connection } : undefined;
  }

  async statusesOf(deviceIds: readonly string[]): Promise<Map<string, DeviceStatus>> {
    const held = await this.hashes(deviceIds);
    const alive = await this.living(new Set(held.map(([replica]) => replica).filter((id) => id !== null)));
    const status = ([replica, session]: readonly (string | null)[]): DeviceStatus => {
      if (replica === null || replica === undefined || !alive.has(replica)) return 'OFFLINE';
      return session ? 'BUSY' : 'ONLINE';
    };
    return new Map(deviceIds.map((id, i) => [id, status(held[i] ?? [])]));
  }

  private async hashes(deviceIds: readonly string[]): Promise<[string | null, string | null][]> {
    const pipeline = this.redis.pipeline();
    for (const id of deviceIds) pipeline.hmget(this.keys.device(id), 'replica', 'session');
    return results<[string | null, string | null]>(await pipeline.exec());
  }

  private async living(replicas: ReadonlySet<string>): Promise<Set<string>> {
    const names = [...replicas];
    const pipeline = this.redis.pipeline();
    for (const name of names) pipeline.exists(this.keys.replica(name));
    const found = results<number>(await pipeline.exec());
    return new Set(names.filter((_, i) => found[i] === 1));
  }

  /** One by itself has the client's time-out, which a pipeline has not. */
  private renew(socket: HeldSocket): Promise<unknown> {
    const { script, keys, args } = this.renewalOf(socket);
    return runScript(this.redis, script, keys, args);
  }

  private renewalOf(socket: HeldSocket): ScriptCall {
    const here = [this.link.replica, socket.id, this.keepMs()];
    return socket.role === 'app'
      ? { script: APP_HERE, keys: [this.keys.app(socket.id)], args: [...here, socket.tokenHash] }
      : { script: STAY, keys: [this.keys.device(socket.deviceId)], args: [...here, socket.sessionId ?? ''] };
  }

  private keepMs(): number {
    return this.config.PRESENCE_WRITE_MS * MISSED_SIGNS;
  }
}

function results<T>(answers: [Error | null, unknown][] | null): T[] {
  return (answers ?? []).map(([error, value]) => {
    if (error !== null) throw error;
    return value as T;
  });
}
