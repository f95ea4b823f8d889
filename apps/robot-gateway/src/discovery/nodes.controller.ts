import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { JwtGuard } from '@teleop/auth';
import { NodesAnswer, RobotCheckAnswer } from '@teleop/contracts';
import { Documented, ProblemError } from '@teleop/service-kit';
import { Fleet } from '../fleet/fleet';
import { OptionalRobotQuery } from '../fleet/params';
import { CheckRobot } from './check-robot';
import { RobotNodes } from './robot-nodes';

@Controller()
@UseGuards(JwtGuard)
export class NodesController {
  constructor(
    private readonly fleet: Fleet,
    private readonly robotNodes: RobotNodes,
    private readonly checkRobot: CheckRobot,
  ) {}

  @Get('nodes')
  @Documented({
    answers: NodesAnswer,
    problems: { 404: ['ROBOT_NOT_FOUND'], 503: ['NODES_UNKNOWN'] },
  })
  async nodes(@Query() { robotId }: OptionalRobotQuery): Promise<NodesAnswer> {
    const nodes = await this.robotNodes.of(this.fleet.wanted(robotId));
    if (nodes !== undefined) return { nodes: [...nodes] };
    throw new ProblemError(503, 'NODES_UNKNOWN', 'The robot did not say its nodes', { body: { nodes: [] } });
  }

  /** Always 200: what came of it is in the body. */
  @Get('robot/check')
  @Documented({ answers: RobotCheckAnswer, problems: { 404: ['ROBOT_NOT_FOUND'] } })
  check(@Query() { robotId }: OptionalRobotQuery): Promise<RobotCheckAnswer> {
    return this.checkRobot.check(this.fleet.wanted(robotId));
  }
}
