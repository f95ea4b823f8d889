import { MISSION_STATUSES, type MissionStatus } from '@teleop/contracts';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { PageQuery } from '../params';

export class MissionParam {
  @IsUUID('loose')
  missionId!: string;
}

export class MissionsQuery extends PageQuery {
  @IsOptional()
  @IsIn(MISSION_STATUSES)
  status?: MissionStatus;
}
