import { IsIn, IsInt, IsObject, IsString, IsUUID, Length, Min } from 'class-validator';
import { Describe } from '../core/describe';
import { defineEvent } from '../core/event';
import { IsRobotId } from '../core/ids';

export class VisionEvaluationCompleted {
  @IsUUID()
  evaluationId!: string;

  @IsRobotId()
  robotId!: string;

  @IsString()
  @Length(64, 64)
  tokenHash!: string;

  @IsIn(['success', 'failed'])
  status!: 'success' | 'failed';

  @IsInt()
  @Min(0)
  successCount!: number;

  @IsInt()
  @Min(0)
  @Describe('Points to book: 100 for each doll moved')
  rewardPoints!: number;

  @IsObject()
  @Describe('Final START and END counts per camera; stored as controlled_result')
  views!: Record<string, unknown>;
}

export const visionEvaluationCompleted = defineEvent({
  name: 'vision.evaluation-completed',
  owner: 'vision-service',
  subject: 'teleop.vision.evaluation-completed.v1.{robotId}',
  stream: 'VISION',
  payload: VisionEvaluationCompleted,
  description: 'What a session moved on the tray has been judged; queue-service books it once.',
});
