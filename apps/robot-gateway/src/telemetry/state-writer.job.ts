import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { Clock, InjectConfig, LOGGER, Logger, REDIS, slices } from '@teleop/service-kit';
import type { Redis } from 'ioredis';
import type { RobotsConfig } from '../config';
import { Fleet } from '../fleet/fleet';
import { LiveRobots, type Telemetry } from './live-robots';
import { WRITE_STATES } from './sql/write-states.sql';

const REDIS_WRITE_MS = 1_000;
/** Robots that are written at once: about a millisecond of this process each. */
const REDIS_SLICE = 50;
const DATABASE_SLICE = 100;
/** Telemetry in Redis outlives its freshness: a process that starts shows the last known state as stale. */
const REDIS_KEEP_S = 24 * 3_600;

interface Stored {
  /** Wall-clock milliseconds of its arrival. */
  readonly at: number;
  readonly state: Telemetry;
}

const keyOf = (robotId: string) => `robots:state:${robotId}`;

/**
 * Writes telemetry down, many robots at once: into Redis every second, into PostgreSQL every few. A process that starts
 * knows the fleet as the last one left it.
 */
@Injectable()
export class StateWriterJob implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #forRedis = new Set<string>();
  readonly #forDatabase = new Set<string>();
  /** As the database has it, to the microsecond. */
  readonly #writtenAt = new Map<string, string>();
  #timers: NodeJS.Timeout[] = [];
  #writing = false;

  constructor(
    private readonly live: LiveRobots,
    private readonly fleet: Fleet,
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(REDIS) private readonly redis: Redis,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    live.onTelemetry((robotId, { here }) => {
      if (!here) return;
      this.#forRedis.add(robotId);
      this.#forDatabase.add(robotId);
    });
    fleet.onGone((robotId) => this.#writtenAt.delete(robotId));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.fleet.ready;
    await this.recall();
    this.#timers = [
      setInterval(() => void this.toRedis(), REDIS_WRITE_MS),
      setInterval(() => void this.toDatabase(), this.config.STATE_WRITE_MS),
    ];
  }

  async onModuleDestroy(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([this.toRedis(), this.toDatabase()]);
  }

  private async recall(): Promise<void> {
    const robots = [...this.fleet.all()];
    for (const { robotId, lastState, lastStateAt } of robots) {
      if (lastState !== null && lastStateAt !== null)
        this.live.recall(robotId, lastState, Math.max(0, this.clock.now() - lastStateAt.getTime()));
    }
    if (robots.length === 0) return;
    try {
      const texts = await this.redis.mget(robots.map(({ robotId }) => keyOf(robotId)));
      for (const [index, text] of texts.entries()) {
        const robot = robots[index];
        if (text === null || robot === undefined) continue;
        const { at, state } = JSON.parse(text) as Stored;
        this.live.recall(robot.robotId, state, Math.max(0, this.clock.now() - at));
      }
    } catch (error) {
      this.log.warn({ err: error }, 'live states not read from Redis; those of the database stand');
    }
  }

  private async toRedis(): Promise<void> {
    const robotIds = [...this.#forRedis];
    this.#forRedis.clear();
    for await (const some of slices(robotIds, REDIS_SLICE)) {
      // What is lost here is a second old; the database has it in a few.
      if (this.redis.status !== 'ready') return;
      const pipeline = this.redis.pipeline();
      for (const robotId of some) {
        const live = this.live.of(robotId);
        if (live === undefined) continue;
        const stored: Stored = { at: this.clock.now() - this.live.ageMs(robotId), state: live.state };
        pipeline.set(keyOf(robotId), JSON.stringify(stored), 'EX', REDIS_KEEP_S);
      }
      await pipeline
        .exec()
        .catch((error: unknown) => this.log.debug({ err: error }, 'live states not in Redis'));
    }
  }

  private async toDatabase(): Promise<void> {
    if (this.#writing || this.#forDatabase.size === 0) return;
    this.#writing = true;
    const robotIds = [...this.#forDatabase].sort();
    this.#forDatabase.clear();
    try {
      for await (const some of slices(robotIds, DATABASE_SLICE)) await this.write(some);
    } catch (error) {
      for (const robotId of robotIds) this.#forDatabase.add(robotId);
      this.log.warn({ err: error }, 'telemetry not written to the database; trying again');
    } finally {
      this.#writing = false;
    }
  }

  private async write(robotIds: readonly string[]): Promise<void> {
    const known = robotIds.filter((robotId) => this.live.of(robotId) !== undefined);
    const written = await this.database.query<{ robot_id: string; written_at: string }>(WRITE_STATES, [
      known,
      known.map((robotId) => JSON.stringify(this.live.stateOf(robotId))),
      known.map((robotId) => this.live.ageMs(robotId)),
      known.map((robotId) => this.#writtenAt.get(robotId) ?? null),
    ]);
    for (const { robot_id: robotId, written_at: at } of written) this.#writtenAt.set(robotId, at);
  }
}
