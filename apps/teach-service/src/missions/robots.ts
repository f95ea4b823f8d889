import { Injectable } from '@nestjs/common';
import { describeRobot, type RobotDescription } from '@teleop/contracts';
import { isRefusal, Requests } from '@teleop/messaging';

/** Robots as robot-gateway describes them. */
@Injectable()
export class Robots {
  constructor(private readonly requests: Requests) {}

  /** Undefined: there is no such robot. */
  async find(robotId: string): Promise<RobotDescription | undefined> {
    try {
      return await this.requests.ask(describeRobot, { robotId });
    } catch (error) {
      if (isRefusal(error, describeRobot)) return undefined;
      throw error;
    }
  }
}
