import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId } from '../core/ids';
import { PlanObstacle } from '../robots/map';
import { MissionFaultView } from './missions';

export class SimulateMissionBody {
  @IsOptional()
  @IsRobotId()
  @Describe(
    'Where it stands, how fast it is and whose locks count; absent: the robot it was taught on, or none',
  )
  robotId?: string | null;
}

/** What of a step is not known beforehand, and counts as no time. */
export const SIMULATION_GAPS = ['start_unknown', 'off_map', 'node_unknown', 'no_path'] as const;
export type SimulationGap = (typeof SIMULATION_GAPS)[number];

export class SimulatedPath {
  @IsArray()
  @IsString({ each: true })
  nodeIds!: string[];

  @IsArray()
  @IsString({ each: true })
  pathIds!: string[];

  @IsNumber()
  @Describe('Metres')
  lengthM!: number;
}

export class SimulatedStep {
  @IsUUID('loose')
  stepId!: string;

  @IsString()
  type!: string;

  @IsNumber()
  @Describe('Seconds that the step takes')
  durationSeconds!: number;

  @IsNumber()
  @Describe('Seconds from the start of the mission until the step is done, without waiting')
  etaSeconds!: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => SimulatedPath)
  @Describe('Of a moveToPoint that the map knows')
  path!: SimulatedPath | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PlanObstacle)
  @Describe('What of its path others have locked now, where there is no way round it')
  conflicts!: PlanObstacle[];

  @IsOptional()
  @IsIn(SIMULATION_GAPS)
  gap!: SimulationGap | null;
}

export class SimulationView {
  @IsUUID('loose')
  missionId!: string;

  @IsOptional()
  @IsRobotId()
  robotId!: string | null;

  @IsBoolean()
  @Describe('It could be run now: nothing is wrong with it, and nobody is in its way')
  ok!: boolean;

  @IsNumber()
  totalSeconds!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SimulatedStep)
  @Describe('With all missions written out; empty when that would never end')
  steps!: SimulatedStep[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MissionFaultView)
  @Describe('What publishing would say')
  faults!: MissionFaultView[];
}
