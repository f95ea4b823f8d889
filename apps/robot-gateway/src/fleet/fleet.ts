import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { sha256 } from '@teleop/auth';
import { InjectConfig, LOGGER, Logger, ProblemError } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Readings } from '../replicas/readings';
import { RobotHints } from '../replicas/robot-hints';
import type { RobotRecord } from './robot-record';
import { RobotStore } from './robot-store';

/** Every robot's row, in memory: telemetry and drive frames must not wait for the database to know whose they are. */
@Injectable()
export class Fleet implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #robots = new Map<string, RobotRecord>();
  /** SHA-256 of each robot's key: telemetry of a thousand robots comes with one every second. */
  readonly #keyHashes = new Map<string, Buffer>();
  readonly #defaultKeyHash: Buffer;
  /** The key that each connection was last let in with: while no key changes, the same one need not be hashed again. */
  readonly #letIn = new WeakMap<
    object,
    { readonly robotId: string; readonly key: string; readonly keys: number }
  >();
  /** Counts changes of keys. */
  #keys = 0;
  readonly #goneListeners: ((robotId: string) => void)[] = [];
  readonly #rekeyedListeners: ((robotId: string) => void)[] = [];
  readonly #readings = new Readings();
  #timer: NodeJS.Timeout | undefined;
  #loaded: () => void = () => undefined;
  /** Resolves once the robots are known: others start from them, in an order that nobody promises. */
  readonly ready = new Promise<void>((resolve) => (this.#loaded = resolve));

  constructor(
    private readonly store: RobotStore,
    private readonly hints: RobotHints,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#defaultKeyHash = sha256(config.ROBOT_API_KEY);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.store.ensure(this.config.DEFAULT_ROBOT_ID);
    await this.reload();
    this.#loaded();
    this.hints.onHint((robotId, hint) => {
      if (hint === 'robot') this.quietly(this.refresh(robotId));
    });
    this.hints.onGap(() => this.quietly(this.reload()));
    this.#timer = setInterval(() => this.quietly(this.reload()), this.config.FLEET_REFRESH_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  find(robotId: string): RobotRecord | undefined {
    return this.#robots.get(robotId);
  }

  all(): IterableIterator<RobotRecord> {
    return this.#robots.values();
  }

  /** The robot a user's request is about: `?robotId=`, else the default one. Throws 404 for one nobody registered. */
  wanted(robotId: string | undefined): RobotRecord {
    const robot = this.#robots.get(robotId ?? this.config.DEFAULT_ROBOT_ID);
    if (robot === undefined) throw new ProblemError(404, 'ROBOT_NOT_FOUND', 'There is no robot with this id');
    return robot;
  }

  /** Whether the key is this robot's. The default robot's is configuration, every other's hash is in its row. */
  opens(robotId: string, key: string, connection?: object): boolean {
    const last = connection === undefined ? undefined : this.#letIn.get(connection);
    // Compared with what the same connection brought before: it learns nothing that it did not know.
    if (last !== undefined && last.keys === this.#keys && last.robotId === robotId && last.key === key)
      return true;
    const opens = this.hashOpens(robotId, sha256(key));
    if (opens && connection !== undefined) this.#letIn.set(connection, { robotId, key, keys: this.#keys });
    return opens;
  }

  private hashOpens(robotId: string, hash: Buffer): boolean {
    // Hashes are all of one length, and compared in constant time.
    if (robotId === this.config.DEFAULT_ROBOT_ID && timingSafeEqual(hash, this.#defaultKeyHash)) return true;
    const known = this.#keyHashes.get(robotId);
    return known !== undefined && timingSafeEqual(hash, known);
  }

  /** Calls back when a robot was deleted. */
  onGone(listener: (robotId: string) => void): void {
    this.#goneListeners.push(listener);
  }

  /** Calls back when a robot got another key. */
  onRekeyed(listener: (robotId: string) => void): void {
    this.#rekeyedListeners.push(listener);
  }

  /** Reads one robot again, after this process changed its row or heard that another did. */
  async refresh(robotId: string): Promise<void> {
    const reading = this.#readings.begin();
    this.learn(robotId, await this.store.find(robotId), reading);
  }

  private async reload(): Promise<void> {
    const reading = this.#readings.begin();
    const found = new Map((await this.store.all()).map((robot) => [robot.robotId, robot]));
    for (const robotId of new Set([...this.#robots.keys(), ...found.keys()]))
      this.learn(robotId, found.get(robotId), reading);
    this.#readings.forget(reading, (robotId) => this.#robots.has(robotId));
  }

  private learn(robotId: string, robot: RobotRecord | undefined, reading: number): void {
    if (!this.#readings.isNews(robotId, reading)) return;
    const before = this.#robots.get(robotId)?.apiKeyHash;
    const hash = robot?.apiKeyHash ?? null;
    if (hash !== (before ?? null)) this.#keys += 1;
    if (hash === null) this.#keyHashes.delete(robotId);
    else this.#keyHashes.set(robotId, Buffer.from(hash, 'hex'));
    if (robot !== undefined) {
      this.#robots.set(robotId, robot);
      if (before !== undefined && before !== robot.apiKeyHash)
        for (const listener of this.#rekeyedListeners) listener(robotId);
    } else if (this.#robots.delete(robotId)) for (const listener of this.#goneListeners) listener(robotId);
  }

  private quietly(work: Promise<void>): void {
    work.catch((error: unknown) => this.log.warn({ err: error }, 'robots not read; trying again later'));
  }
}
