import type { IncomingMessage } from 'node:http';
import {
  createParamDecorator,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { isRobotId } from '@teleop/contracts';
import { Documented, InjectConfig, ProblemError } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Fleet } from './fleet';

const OPEN_TO_DEFAULT = 'robots:open-to-default';

interface RobotRequest {
  /** Fastify's, or Node's own. */
  readonly headers: IncomingMessage['headers'];
  callingRobot?: string;
}

/** The default robot needs no key here while ROBOT_SOCKET_AUTH is `open`, as in the original. */
export const OpenToDefaultRobot = () => SetMetadata(OPEN_TO_DEFAULT, true);

/** The robot that RobotKeyGuard let in. */
export const CallingRobot = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { callingRobot } = context.switchToHttp().getRequest<RobotRequest>();
  if (callingRobot === undefined) throw new Error('@CallingRobot() on a handler without RobotKeyGuard');
  return callingRobot;
});

/** To the letter of the source; whether a robot exists is nobody's business without its key. */
export function invalidApiKey(): ProblemError {
  return new ProblemError(401, 'UNAUTHORIZED', 'Invalid API Key', {
    body: { status: 'error', message: 'Invalid API Key' },
  });
}

/** `X-Api-Key` of the robot in `X-Robot-Id`, which is the default one when it is absent. Comes before the body is judged. */
@Injectable()
@Documented({ security: ['apiKey'] })
export class RobotKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly fleet: Fleet,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<RobotRequest>();
    const robotId = robotIdIn(request.headers['x-robot-id']) ?? this.config.DEFAULT_ROBOT_ID;
    if (!this.mayWithoutKey(robotId, context)) {
      const key = request.headers['x-api-key'];
      if (typeof key !== 'string' || !this.fleet.opens(robotId, key)) throw invalidApiKey();
    }
    request.callingRobot = robotId;
    return true;
  }

  private mayWithoutKey(robotId: string, context: ExecutionContext): boolean {
    if (robotId !== this.config.DEFAULT_ROBOT_ID || this.config.ROBOT_SOCKET_AUTH === 'required')
      return false;
    return this.reflector.get<boolean | undefined>(OPEN_TO_DEFAULT, context.getHandler()) ?? false;
  }
}

export function robotIdIn(header: string | string[] | undefined): string | undefined {
  if (header === undefined || isRobotId(header)) return header;
  const message = 'X-Robot-Id must be 1-64 characters of A-Z, a-z, 0-9, _ or -';
  throw new ProblemError(400, 'VALIDATION_FAILED', message, { errors: [{ path: 'X-Robot-Id', message }] });
}
