import { Describe, IsRobotId } from '@teleop/contracts';
import { IsIn, IsOptional } from 'class-validator';

export class ExportQuery {
  @IsIn(['vda5050'])
  @Describe('vda5050: an order of VDA 5050, version 2.1.0')
  format!: string;

  @IsOptional()
  @IsRobotId()
  @Describe('Whom the order is for: where it begins, and whose capabilities and limits count')
  robotId?: string;
}
