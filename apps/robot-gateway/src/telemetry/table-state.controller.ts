import type { IncomingMessage } from 'node:http';
import { Body, Controller, HttpCode, Post, UseGuards, type OnModuleInit } from '@nestjs/common';
import { RobotState, SourceAnswer } from '@teleop/contracts';
import { Documented, HotRoutes, InjectConfig } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Fleet } from '../fleet/fleet';
import { CallingRobot, invalidApiKey, robotIdIn, RobotKeyGuard } from '../fleet/robot-key.guard';
import { TakeTelemetry } from './take-telemetry';

const SUCCESS: SourceAnswer = { status: 'success' };

/** Telemetry of a thousand robots comes in here every second: answered by the hot route, in front of Nest. */
@Controller('table/state')
export class TableStateController implements OnModuleInit {
  constructor(
    private readonly take: TakeTelemetry,
    private readonly fleet: Fleet,
    private readonly hot: HotRoutes,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {}

  onModuleInit(): void {
    this.hot.post<string>('/table/state', {
      maxBytes: this.config.ROBOT_BODY_BYTES,
      answer: JSON.stringify(SUCCESS),
      admit: (req) => this.admit(req),
      take: (robotId, body) => this.take.run(robotId, body),
    });
  }

  /** What it is called by, for the documents. Reached by requests that are not JSON, which the platform refuses. */
  @Post()
  @HttpCode(200)
  @UseGuards(RobotKeyGuard)
  @Documented({
    answers: SourceAnswer,
    headers: { 'X-Robot-Id': 'The robot; absent, the default one' },
    description: 'Further fields are kept and passed on.',
  })
  async state(@CallingRobot() robotId: string, @Body() body: RobotState): Promise<SourceAnswer> {
    await this.take.run(robotId, body);
    return SUCCESS;
  }

  private admit({ headers, socket }: IncomingMessage): string {
    const robotId = robotIdIn(headers['x-robot-id']) ?? this.config.DEFAULT_ROBOT_ID;
    const key = headers['x-api-key'];
    if (typeof key !== 'string' || !this.fleet.opens(robotId, key, socket)) throw invalidApiKey();
    return robotId;
  }
}
