import { Inject, Injectable } from '@nestjs/common';
import { NodesAnswer, validate } from '@teleop/contracts';
import { LOGGER, Logger } from '@teleop/service-kit';
import { Fleet } from '../fleet/fleet';
import type { RobotRecord } from '../fleet/robot-record';
import { RobotHttp } from './robot-http';

/** The nodes that robots know, asked of each once: they are kept until this process ends or the robot is deleted. */
@Injectable()
export class RobotNodes {
  readonly #known = new Map<string, readonly string[]>();
  readonly #listeners: ((robotId: string) => void)[] = [];
  readonly #asking = new Map<string, Promise<readonly string[] | undefined>>();

  constructor(
    private readonly http: RobotHttp,
    private readonly fleet: Fleet,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    fleet.onGone((robotId) => this.#known.delete(robotId));
  }

  /** Those that were asked for already; empty while they are not known. */
  known(robotId: string): readonly string[] {
    return this.#known.get(robotId) ?? [];
  }

  isKnown(robotId: string): boolean {
    return this.#known.has(robotId);
  }

  /** Called when a robot's nodes have become known. */
  onKnown(listener: (robotId: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Undefined when the robot is nowhere or does not say them. Callers at the same time share one question. */
  async of(robot: RobotRecord): Promise<readonly string[] | undefined> {
    const { robotId, url } = robot;
    const known = this.#known.get(robotId);
    if (known !== undefined || url === null) return known;
    let asking = this.#asking.get(robotId);
    if (asking === undefined) {
      asking = this.ask(robotId, url).finally(() => this.#asking.delete(robotId));
      this.#asking.set(robotId, asking);
    }
    return asking;
  }

  private async ask(robotId: string, url: string): Promise<readonly string[] | undefined> {
    try {
      const answer = validate(NodesAnswer, await this.http.json(url, '/nodes'));
      if (!answer.ok) throw new Error(`its answer is not as agreed: ${answer.errors[0]?.message}`);
      // A robot that was deleted meanwhile leaves nothing behind.
      if (this.fleet.find(robotId) !== undefined) {
        this.#known.set(robotId, answer.value.nodes);
        for (const listener of this.#listeners) listener(robotId);
      }
      return answer.value.nodes;
    } catch (error) {
      this.log.info({ err: error, robotId }, 'nodes not read from the robot');
      return undefined;
    }
  }
}
