import { Injectable } from '@nestjs/common';
import {
  describeRobot,
  robotStatuses,
  type AskRobot,
  type AskRobotStatuses,
  type RobotDescription,
  type RobotStatusFeed,
  type RobotStatuses as RobotStatusesAnswer,
} from '@teleop/contracts';
import { Answers, refuse } from '@teleop/messaging';
import { Fleet } from '../fleet/fleet';
import { LiveRobots } from '../telemetry/live-robots';
import { StatusFeed } from './status-feed';

/** Of statuses in one answer; a NATS message takes 1 MiB. */
const PAGE_BYTES = 512 * 1024;

/** What other services ask about robots. */
@Injectable()
export class RobotAnswers {
  constructor(
    private readonly feed: StatusFeed,
    private readonly fleet: Fleet,
    private readonly live: LiveRobots,
  ) {}

  @Answers(robotStatuses)
  async statuses({ robotIds, after }: AskRobotStatuses): Promise<RobotStatusesAnswer> {
    const wanted = robotIds ?? [...this.fleet.all()].map(({ robotId }) => robotId);
    const known = wanted.filter((robotId) => this.fleet.find(robotId) !== undefined).sort();
    const statuses: RobotStatusFeed[] = [];
    let bytes = 0;
    for (const robotId of known) {
      if (after !== undefined && robotId <= after) continue;
      const update = this.feed.of(robotId);
      bytes += Buffer.byteLength(JSON.stringify(update));
      if (bytes > PAGE_BYTES && statuses.length > 0) return { statuses, next: statuses.at(-1)?.robotId };
      statuses.push(update);
    }
    return { statuses };
  }

  @Answers(describeRobot)
  async describe({ robotId }: AskRobot): Promise<RobotDescription> {
    const robot = this.fleet.find(robotId);
    if (robot === undefined) throw refuse(describeRobot, 'robot_unknown', 'There is no robot with this id');
    const { name, capabilities, limits } = robot;
    return { robotId, name, connected: this.live.connected(robotId), capabilities, limits };
  }
}
