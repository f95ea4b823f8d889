import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { secretsEqual, sha256Hex } from '@teleop/auth';
import { InjectConfig, LOGGER, Logger, ProblemError } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { RobotHints } from '../replicas/robot-hints';
import type { RobotRecord } from './robot-record';
import { RobotStore } from './robot-store';

/** Every robot's row, in memory: telemetry and drive frames must not wait for the database to know whose they are. */
@Injectable()
export class Fleet implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #robots = new Map<string, RobotRecord>();
  readonly #goneListeners: ((robotId: string) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #loaded: () => void = () => undefined;
  /** Resolves once the robots are known: others start from them, in an order that nobody promises. */
  readonly ready = new Promise<void>((resolve) => (this.#loaded = resolve));

  constructor(
    private readonly store: RobotStore,
    private readonly hints: RobotHints,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

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
  opens(robotId: string, key: string): boolean {
    if (robotId === this.config.DEFAULT_ROBOT_ID && secretsEqual(key, this.config.ROBOT_API_KEY)) return true;
    const hash = this.#robots.get(robotId)?.apiKeyHash ?? '';
    // Hashes of equal length, compared in constant time; an empty one equals nothing.
    return secretsEqual(sha256Hex(key), hash);
  }

  /** Calls back when a robot was deleted. */
  onGone(listener: (robotId: string) => void): void {
    this.#goneListeners.push(listener);
  }

  /** Reads one robot again, after this process changed its row or heard that another did. */
  async refresh(robotId: string): Promise<void> {
    const robot = await this.store.find(robotId);
    if (robot !== undefined) this.#robots.set(robotId, robot);
    else this.forget(robotId);
  }

  private async reload(): Promise<void> {
    const robots = await this.store.all();
    const present = new Set(robots.map(({ robotId }) => robotId));
    for (const robot of robots) this.#robots.set(robot.robotId, robot);
    for (const robotId of [...this.#robots.keys()]) if (!present.has(robotId)) this.forget(robotId);
  }

  private forget(robotId: string): void {
    if (!this.#robots.delete(robotId)) return;
    for (const listener of this.#goneListeners) listener(robotId);
  }

  private quietly(work: Promise<void>): void {
    work.catch((error: unknown) => this.log.warn({ err: error }, 'robots not read; trying again later'));
  }
}
