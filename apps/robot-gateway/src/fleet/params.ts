import { IsRobotId } from '@teleop/contracts';
import { IsOptional } from 'class-validator';

/** `?robotId=`: absent, the default robot is meant. */
export class OptionalRobotQuery {
  @IsOptional()
  @IsRobotId()
  robotId?: string;
}

export class RobotParam {
  @IsRobotId()
  robotId!: string;
}
