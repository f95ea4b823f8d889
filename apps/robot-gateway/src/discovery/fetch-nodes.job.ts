import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectConfig, LOGGER, Logger, RepeatingJob } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Fleet } from '../fleet/fleet';
import { RobotHints } from '../replicas/robot-hints';
import { StatusFeed } from '../status/status-feed';
import { RobotNodes } from './robot-nodes';

/** Robots that are asked at a time: each may take as long as its time-out. */
const AT_ONCE = 8;

/**
 * Asks robots for their nodes, in the background and once: when one has said where it is, and now and then those that
 * did not answer. On every replica for itself, so that each has them for its watchers.
 */
@Injectable()
export class FetchNodesJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: RepeatingJob;
  readonly #waiting = new Set<string>();
  /** A robot that is being asked is not asked again meanwhile: slow ones would take every place. */
  readonly #asking = new Set<string>();
  #lanes = 0;
  #stopped = false;

  constructor(
    private readonly nodes: RobotNodes,
    private readonly fleet: Fleet,
    private readonly hints: RobotHints,
    feed: StatusFeed,
    @InjectConfig() config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    nodes.onKnown((robotId) => feed.changed(robotId));
    this.#job = new RepeatingJob('nodes of robots', config.FLEET_REFRESH_MS, () => this.look(), log);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.fleet.ready;
    this.hints.onHint((robotId, hint) => {
      if (hint === 'robot') this.want(robotId);
    });
    await this.look();
    this.#job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    await this.#job.stop();
  }

  /** What a hint told us that was lost, or a robot did not answer when it was asked. */
  private look(): Promise<void> {
    // The address of one that has fallen silent is forgotten, so those that have one are there.
    for (const { robotId, url } of this.fleet.all()) if (url !== null) this.want(robotId);
    return Promise.resolve();
  }

  private want(robotId: string): void {
    if (this.#stopped || this.#asking.has(robotId) || this.nodes.isKnown(robotId)) return;
    this.#waiting.add(robotId);
    while (this.#lanes < AT_ONCE && this.#waiting.size > 0) void this.askOn();
  }

  /** Never throws. */
  private async askOn(): Promise<void> {
    this.#lanes += 1;
    try {
      for (const robotId of this.#waiting) {
        this.#waiting.delete(robotId);
        this.#asking.add(robotId);
        await this.ask(robotId);
        this.#asking.delete(robotId);
      }
    } finally {
      this.#lanes -= 1;
    }
  }

  private async ask(robotId: string): Promise<void> {
    try {
      // The row that the hint is about may not have been read yet.
      await this.fleet.refresh(robotId);
      const robot = this.fleet.find(robotId);
      if (robot !== undefined) await this.nodes.of(robot);
    } catch (error) {
      this.log.warn({ err: error, robotId }, 'a robot was not asked for its nodes; trying again later');
    }
  }
}
