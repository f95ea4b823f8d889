import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Readings } from '../replicas/readings';
import { RobotHints } from '../replicas/robot-hints';
import { RouteStore, type RouteOutline } from './route-store';

const NOTHING: RouteOutline = { queued: 0, active: false, dispatching: false };

/**
 * What each robot's queue holds, in memory: so that telemetry of a robot without routes, which is nearly all there is,
 * costs no look at the database.
 */
@Injectable()
export class RouteBook implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #outlines = new Map<string, RouteOutline>();
  readonly #listeners: ((robotId: string) => void)[] = [];
  readonly #readings = new Readings();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: RouteStore,
    private readonly hints: RobotHints,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.reload();
    this.hints.onHint((robotId, hint) => {
      if (hint === 'routes') void this.refresh(robotId);
    });
    this.hints.onGap(() => void this.reloadQuietly());
    this.#timer = setInterval(() => void this.reloadQuietly(), this.config.ROBOT_CLEANUP_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  of(robotId: string): RouteOutline {
    return this.#outlines.get(robotId) ?? NOTHING;
  }

  /** Robots that have routes, waiting or under way. */
  robotIds(): IterableIterator<string> {
    return this.#outlines.keys();
  }

  /** Called after a robot's queue was read again. */
  onRefreshed(listener: (robotId: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Never throws: the next reading makes good what this one could not. */
  async refresh(robotId: string): Promise<void> {
    try {
      const reading = this.#readings.begin();
      this.learn(robotId, await this.store.outline(robotId), reading);
      for (const listener of this.#listeners) listener(robotId);
    } catch (error) {
      this.log.warn({ err: error, robotId }, 'routes not read; trying again later');
    }
  }

  private async reload(): Promise<void> {
    const reading = this.#readings.begin();
    const outlines = await this.store.outlines();
    for (const robotId of new Set([...this.#outlines.keys(), ...outlines.keys()]))
      this.learn(robotId, outlines.get(robotId), reading);
    this.#readings.forget(reading, (robotId) => this.#outlines.has(robotId));
  }

  private learn(robotId: string, outline: RouteOutline | undefined, reading: number): void {
    if (!this.#readings.isNews(robotId, reading)) return;
    if (outline === undefined) this.#outlines.delete(robotId);
    else this.#outlines.set(robotId, outline);
  }

  private async reloadQuietly(): Promise<void> {
    await this.reload().catch((error: unknown) =>
      this.log.warn({ err: error }, 'routes not read; trying again later'),
    );
  }
}
