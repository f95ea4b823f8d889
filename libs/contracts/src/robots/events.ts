import { IsInt, IsString, Length, Min } from 'class-validator';
import { Describe } from '../core/describe';
import { defineEvent } from '../core/event';
import { IsRobotId } from '../core/ids';

export class DriverInactive {
  @IsRobotId()
  robotId!: string;

  @IsString()
  @Length(64, 64)
  @Describe('Whose turn it was: a late message must not end the next user’s turn')
  tokenHash!: string;

  @IsInt()
  @Min(1)
  silentMs!: number;
}

export const driverInactive = defineEvent({
  name: 'robots.driver-inactive',
  owner: 'robot-gateway',
  subject: 'teleop.robots.driver-inactive.v1.{robotId}',
  stream: 'ROBOTS',
  payload: DriverInactive,
  description:
    'The driver of a session sent no frame for the inactivity limit; the turn should end as inactive.',
});
