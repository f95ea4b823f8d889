import { Injectable } from '@nestjs/common';
import type { RobotCheckAnswer } from '@teleop/contracts';
import type { RobotRecord } from '../fleet/robot-record';
import { LiveRobots } from '../telemetry/live-robots';
import { RobotHttp, RobotUnreachable } from './robot-http';

/** Whether the robot can be reached at the address it gave. */
@Injectable()
export class CheckRobot {
  constructor(
    private readonly live: LiveRobots,
    private readonly http: RobotHttp,
  ) {}

  async check({ robotId, url }: RobotRecord): Promise<RobotCheckAnswer> {
    const failed = { status: 'error', connected: false } as const;
    if (url === null) return { ...failed, message: 'No robot URL registered' };
    // A robot that is silent is not asked: it counts as disconnected whatever its server says.
    if (!this.live.connected(robotId))
      return { ...failed, message: 'Robot registered but no recent state updates (stale)', url };
    try {
      const robot_status = await this.http.status(url, '/health');
      return { status: 'success', connected: true, robot_status, url };
    } catch (error) {
      if (!(error instanceof RobotUnreachable)) throw error;
      return { ...failed, message: `Failed to reach robot: ${error.message}`, url };
    }
  }
}
