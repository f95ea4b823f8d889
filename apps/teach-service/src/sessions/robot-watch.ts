import { Injectable } from '@nestjs/common';
import { isOperational } from '@teleop/contracts';
import { Clock, InjectConfig } from '@teleop/service-kit';
import { RobotDesk } from './robot-desk';
import type { SessionSettings } from './session-settings';

const NONE: ReadonlySet<string> = new Set();

/**
 * Tells which robots are lost while they are taught: robot-gateway has had no word of them for so long, and neither has
 * the stream of their states. While robot-gateway does not answer nobody counts as lost.
 */
@Injectable()
export class RobotWatch {
  readonly #awaySince = new Map<string, number>();
  #askAt = -Infinity;
  #asking = false;

  constructor(
    private readonly desk: RobotDesk,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: SessionSettings,
  ) {}

  /** Those that are lost, of the robots that are taught from here; asks only as often as locks are renewed. */
  async look(robotIds: readonly string[]): Promise<ReadonlySet<string>> {
    for (const robotId of this.#awaySince.keys())
      if (!robotIds.includes(robotId)) this.#awaySince.delete(robotId);
    const now = this.clock.monotonic();
    if (this.#asking || now < this.#askAt || robotIds.length === 0) return NONE;
    this.#asking = true;
    this.#askAt = now + Math.min(this.config.TEACH_HEARTBEAT_MS, this.config.TEACH_ROBOT_LOST_MS);
    try {
      return await this.lost(robotIds);
    } catch (error) {
      if (!isOperational(error)) throw error;
      this.#awaySince.clear();
      return NONE;
    } finally {
      this.#asking = false;
    }
  }

  private async lost(robotIds: readonly string[]): Promise<ReadonlySet<string>> {
    const here = await this.desk.connectedOf(robotIds);
    const now = this.clock.monotonic();
    const lost = new Set<string>();
    for (const robotId of robotIds) {
      if (here.has(robotId)) {
        this.#awaySince.delete(robotId);
        continue;
      }
      const since = this.#awaySince.get(robotId) ?? now;
      this.#awaySince.set(robotId, since);
      if (now - since < this.config.TEACH_ROBOT_LOST_MS) continue;
      if ((await this.desk.silentMs(robotId)) >= this.config.TEACH_ROBOT_LOST_MS) lost.add(robotId);
    }
    return lost;
  }
}
