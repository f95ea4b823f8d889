import type { IncomingMessage } from 'node:http';
import { Body, Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { RegisterRobotBody, SourceAnswer } from '@teleop/contracts';
import { Documented, InjectConfig, ProblemError } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { CallingRobot, OpenToDefaultRobot, RobotKeyGuard } from '../fleet/robot-key.guard';
import { LocateRobot } from './locate-robot';
import { robotHostReader, robotUrl } from './robot-address';

@Controller()
export class RegisterController {
  readonly #hostOf;

  constructor(
    private readonly locate: LocateRobot,
    @InjectConfig() config: RobotsConfig,
  ) {
    this.#hostOf = robotHostReader(config.TRUST_PROXY);
  }

  @Post('table/register')
  @HttpCode(200)
  @UseGuards(RobotKeyGuard)
  @OpenToDefaultRobot()
  @Documented({
    answers: SourceAnswer,
    description: 'The default robot needs no key while ROBOT_SOCKET_AUTH is `open`.',
    headers: { 'X-Robot-Id': 'The robot; absent, the default one' },
  })
  async register(
    @CallingRobot() robotId: string,
    @Body() { port }: RegisterRobotBody,
    @Req() request: { readonly raw: IncomingMessage },
  ): Promise<SourceAnswer> {
    const { headers, socket } = request.raw;
    const host = this.#hostOf(socket.remoteAddress, headers);
    if (host === undefined) throw new ProblemError(400, 'ADDRESS_UNKNOWN', 'The robot has no address here');
    await this.locate.at(robotId, robotUrl(host, port));
    return { status: 'success' };
  }
}
