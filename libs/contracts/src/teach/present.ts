import { Type } from 'class-transformer';
import { IsArray, IsOptional, ValidateNested } from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId } from '../core/ids';
import { defineRequest } from '../core/request';
import { TeachExecutionUpdated, TeachLockUpdated, TeachSessionUpdated } from './live';

export class AskTeachPresent {
  @IsOptional()
  @IsRobotId()
  @Describe('Absent: of all robots')
  robotId?: string;
}

/** What is going on, told as it was when it last changed. */
export class TeachPresent {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TeachSessionUpdated)
  @Describe('Those that record')
  sessions!: TeachSessionUpdated[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TeachLockUpdated)
  @Describe('Their locks')
  locks!: TeachLockUpdated[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TeachExecutionUpdated)
  @Describe('Those that are not over; those without a robot are everybody’s')
  executions!: TeachExecutionUpdated[];
}

export const teachPresent = defineRequest({
  name: 'teach.present',
  owner: 'teach-service',
  subject: 'teleop.rpc.teach.present.v1',
  ask: AskTeachPresent,
  reply: TeachPresent,
  errors: [],
  timeoutMs: 2_000,
  description: 'What is being taught and run now, the newest of it: for whoever joins late or was away.',
});
