import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { defineEvent } from '../core/event';
import { IsRobotId } from '../core/ids';
import { defineRequest } from '../core/request';
import { TrafficScope } from './traffic';

/** Metres from the origin beyond which a coordinate is taken for a mistake. */
const MAX_METRES = 1_000_000;
const MIN_SPEED = 0.001;
const MAX_SPEED = 50;

export class MapNode {
  @IsString()
  @Length(1, 128)
  @Describe('What routes and scopes name it by', 'Kitchen')
  id!: string;

  @IsNumber()
  @Min(-MAX_METRES)
  @Max(MAX_METRES)
  @Describe('Metres')
  x!: number;

  @IsNumber()
  @Min(-MAX_METRES)
  @Max(MAX_METRES)
  @Describe('Metres')
  y!: number;

  @IsOptional()
  @IsString()
  @Length(1, 128)
  @Describe('Also names the node, when no other node has the name or the id')
  name?: string;
}

export class MapPath {
  @IsString()
  @Length(1, 128)
  id!: string;

  @IsString()
  @Length(1, 128)
  @Describe('Id of the node it begins at')
  from!: string;

  @IsString()
  @Length(1, 128)
  @Describe('Id of the node it ends at')
  to!: string;

  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(MAX_METRES)
  @Describe('Metres; the straight line when absent, and never shorter than that')
  length?: number;

  @IsOptional()
  @IsNumber()
  @Min(MIN_SPEED)
  @Max(MAX_SPEED)
  @Describe('m/s that may be driven on it; the map’s defaultSpeed when absent')
  speed?: number;

  @IsOptional()
  @IsBoolean()
  @Describe('true: from `from` to `to` only')
  oneWay?: boolean;
}

/** Nodes and the paths between them, as written by people: JSON or YAML. */
export class MapDocument {
  @IsString()
  @Length(1, 128)
  name!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ValidateNested({ each: true })
  @Type(() => MapNode)
  nodes!: MapNode[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MapPath)
  paths!: MapPath[];

  @IsOptional()
  @IsNumber()
  @Min(MIN_SPEED)
  @Max(MAX_SPEED)
  @Describe('m/s on paths that name none; 1 when absent')
  defaultSpeed?: number;
}

/** A map as it is sent in: the document itself, or its text in `yaml` (which may be JSON too). */
export class MapUpload {
  @IsOptional()
  @IsString()
  @Length(1, 16 * 1024 * 1024)
  @Describe('The whole map as YAML or JSON text; then nothing else is read')
  yaml?: string;

  @IsOptional()
  @IsString()
  @Length(1, 128)
  name?: string;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MapNode)
  nodes?: MapNode[];

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MapPath)
  paths?: MapPath[];

  @IsOptional()
  @IsNumber()
  @Min(MIN_SPEED)
  @Max(MAX_SPEED)
  defaultSpeed?: number;
}

export class MapAnswer extends MapDocument {
  @IsUUID()
  mapVersionId!: string;

  @IsISO8601()
  createdAt!: string;

  @IsString()
  @Describe('Id of the user who set it, or `file`')
  createdBy!: string;

  @IsArray()
  @IsString({ each: true })
  @Describe('What is allowed and yet looks like a mistake, e.g. parts that no path joins')
  warnings!: string[];
}

export class MapPathQuery {
  @IsString()
  @Length(1, 128)
  from!: string;

  @IsString()
  @Length(1, 128)
  to!: string;

  @IsOptional()
  @IsRobotId()
  @Describe('Then its top speed counts, and what other robots have locked is avoided')
  robotId?: string;
}

export class MapPathAnswer {
  @IsArray()
  @IsString({ each: true })
  @Describe('From the first node to the last')
  nodeIds!: string[];

  @IsArray()
  @IsString({ each: true })
  @Describe('One fewer than nodes')
  pathIds!: string[];

  @IsNumber()
  @Describe('Metres')
  lengthM!: number;

  @IsNumber()
  @Describe('Seconds')
  etaSeconds!: number;

  @IsUUID()
  @Describe('The map it was planned on')
  mapVersionId!: string;
}

export class AskPlan {
  @IsOptional()
  @IsRobotId()
  @Describe('Then its top speed counts, and its own locks do not')
  robotId?: string;

  @IsString()
  @Length(1, 128)
  @Describe('Id of a node, or its name when that is unambiguous')
  from!: string;

  @IsString()
  @Length(1, 128)
  to!: string;

  @IsOptional()
  @IsBoolean()
  @Describe('true: the quickest path, whatever others have locked')
  ignoreTraffic?: boolean;
}

/** What a robot has locked of a path. */
export class PlanObstacle {
  @IsRobotId()
  robotId!: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => TrafficScope)
  scope!: TrafficScope;
}

export class PlanAnswer {
  @IsArray()
  @IsString({ each: true })
  @Describe('From the first node to the last')
  nodeIds!: string[];

  @IsArray()
  @IsString({ each: true })
  @Describe('One fewer than nodes')
  pathIds!: string[];

  @IsNumber()
  @Describe('Metres')
  lengthM!: number;

  @IsNumber()
  @Describe('Seconds, without waiting')
  etaSeconds!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PlanObstacle)
  @Describe('What of this path others have locked now: a robot would wait for it. Empty: it is free')
  blockedBy!: PlanObstacle[];
}

export const planPath = defineRequest({
  name: 'robots.plan',
  owner: 'robot-gateway',
  subject: 'teleop.rpc.robots.plan.v1',
  ask: AskPlan,
  reply: PlanAnswer,
  errors: ['node_unknown', 'no_path', 'robot_unknown'],
  timeoutMs: 2_000,
  description:
    'The quickest path round what other robots have locked. When they have locked every way, the quickest one all the same, ' +
    'with `blockedBy` who is in the way.',
});

export class MapChanged {
  @IsUUID()
  mapVersionId!: string;

  @IsString()
  name!: string;

  @IsInt()
  @Min(1)
  nodes!: number;

  @IsInt()
  @Min(0)
  paths!: number;
}

export const mapChanged = defineEvent({
  name: 'robots.map-changed',
  owner: 'robot-gateway',
  subject: 'teleop.robots.map-changed.v1',
  stream: 'ROBOTS',
  payload: MapChanged,
  delivery: { latestOnly: true },
  description: 'Another map version is the one that robots drive on.',
});
