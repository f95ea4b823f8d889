import { IsIn, IsString, Length } from 'class-validator';
import { IsRobotId } from '../core/ids';
import { defineRequest } from '../core/request';

export const LOCK_ANSWERS = ['lock_granted', 'busy'] as const;
export type LockAnswer = (typeof LOCK_ANSWERS)[number];

export class AskSessionProbe {
  @IsRobotId()
  robotId!: string;

  @IsString()
  @Length(64, 64)
  tokenHash!: string;
}

export class SessionProbeAnswer {
  @IsIn(LOCK_ANSWERS)
  answer!: LockAnswer;
}

export const probeSession = defineRequest({
  name: 'robots.probe-session',
  owner: 'robot-gateway',
  subject: 'teleop.rpc.robots.probe-session.v1',
  ask: AskSessionProbe,
  reply: SessionProbeAnswer,
  errors: [],
  timeoutMs: 1_000,
  description:
    'Would the robot take this session’s driver now? Answered as a `lock_request` on the relay is.',
});
