import { IsRobotId, IsUserId } from '@teleop/contracts';
import { IsOptional } from 'class-validator';

export class RobotParam {
  @IsRobotId()
  robotId!: string;
}

export class OptionalRobotQuery {
  @IsOptional()
  @IsRobotId()
  robotId?: string;
}

export class OptionalUserQuery {
  @IsOptional()
  @IsUserId()
  user_id?: string;
}
