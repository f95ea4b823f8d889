import { Type } from 'class-transformer';
import { IsBoolean, IsNumber, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { Describe } from '../core/describe';
import { IsNotBelow } from '../core/is-not-below';

/** What a robot can do beyond driving; a mission's steps ask for it. */
export class RobotCapabilities {
  @IsOptional()
  @IsBoolean()
  hasGrip?: boolean;

  @IsOptional()
  @IsBoolean()
  hasRotate?: boolean;

  @IsOptional()
  @IsBoolean()
  hasTelescope?: boolean;

  @IsOptional()
  @IsBoolean()
  hasHoist?: boolean;
}

export const CAPABILITY_NAMES = ['hasGrip', 'hasRotate', 'hasTelescope', 'hasHoist'] as const;
export type CapabilityName = (typeof CAPABILITY_NAMES)[number];

export class RobotRange {
  @IsNumber()
  min!: number;

  @IsNumber()
  @IsNotBelow('min')
  max!: number;
}

/** What a robot must not be asked to exceed. Absent: not limited here. */
export class RobotLimits {
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(20)
  @Describe('m/s, forward and backward; manual commands are clamped to it')
  maxLinearVelocity?: number;

  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(20)
  @Describe('rad/s, both ways; manual commands are clamped to it')
  maxAngularVelocity?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => RobotRange)
  @Describe('mm')
  hoistMm?: RobotRange;

  @IsOptional()
  @ValidateNested()
  @Type(() => RobotRange)
  @Describe('mm')
  telescopeMm?: RobotRange;

  @IsOptional()
  @ValidateNested()
  @Type(() => RobotRange)
  @Describe('degrees')
  rotateDeg?: RobotRange;

  @IsOptional()
  @ValidateNested()
  @Type(() => RobotRange)
  @Describe('mm between the fingers')
  gripMm?: RobotRange;
}
