import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId } from '../core/ids';
import { RobotCapabilities, RobotLimits } from './capabilities';

const NODE_LENGTH = 128;

/** Telemetry, as the firmware sends it. Further fields are kept and passed on. */
export class RobotState {
  @IsString()
  @Length(1, 64)
  systemHealth!: string;

  @IsNumber()
  @Min(0)
  @Max(100)
  @Describe('Percent')
  batteryLevel!: number;

  @IsString()
  @Length(1, 64)
  @Describe('IDLE ends the active route; any other mode leaves it')
  driveMode!: string;

  @IsString()
  @Length(1, 64)
  cargoStatus!: string;

  @IsString()
  @MaxLength(NODE_LENGTH)
  currentPosition!: string;

  @IsOptional()
  @IsString()
  @MaxLength(NODE_LENGTH)
  lastNode?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(NODE_LENGTH)
  targetNode?: string | null;
}

export const EVENT_PRIORITIES = ['INFO', 'WARN', 'ERROR'] as const;
export type EventPriority = (typeof EVENT_PRIORITIES)[number];

/** A moment with its zone, seconds and all; what it names is checked by IsISO8601. */
const RFC3339 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** What a robot reports: `{ event, timestamp }`, or of newer firmware `{ priority, message }`. */
export class RobotEventBody {
  @IsOptional()
  @IsString()
  @Length(1, 64)
  @Describe('', 'DESTINATION_REACHED')
  event?: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(RFC3339, { message: '$property must be an RFC 3339 date and time with its zone' })
  @MaxLength(40)
  @Describe('RFC 3339; needed with `event` unless it is the result of a step')
  timestamp?: string;

  @IsOptional()
  @IsIn(EVENT_PRIORITIES)
  priority?: EventPriority;

  @IsOptional()
  @IsString()
  @Length(1, 1_024)
  message?: string;

  @IsOptional()
  @IsUUID('loose')
  taskId?: string;

  @IsOptional()
  @IsUUID('loose')
  stepId?: string;

  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  reason?: string;
}

export class SourceAnswer {
  @IsIn(['success', 'error'])
  status!: 'success' | 'error';

  @IsOptional()
  @IsString()
  message?: string;
}

export class RegisterRobotBody {
  @IsInt()
  @Min(1)
  @Max(65_535)
  port!: number;
}

export class RouteBody {
  @IsString()
  @Length(1, NODE_LENGTH)
  start!: string;

  @IsString()
  @Length(1, NODE_LENGTH)
  destination!: string;
}

export class RouteView {
  @IsUUID()
  id!: string;

  @IsString()
  start!: string;

  @IsString()
  destination!: string;

  @IsISO8601()
  added_at!: string;

  @IsString()
  @Describe('Name of whoever added it')
  added_by!: string;
}

export class NodesAnswer {
  @IsArray()
  @IsString({ each: true })
  nodes!: string[];
}

export class LastRoute {
  @IsString()
  start_node!: string;

  @IsString()
  end_node!: string;
}

/** What everybody may see of a robot. Further telemetry fields stand beside these. */
export class RobotStatus {
  @IsString()
  systemHealth!: string;

  @IsNumber()
  batteryLevel!: number;

  @IsString()
  driveMode!: string;

  @IsString()
  cargoStatus!: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => LastRoute)
  lastRoute!: LastRoute | null;

  @IsString()
  position!: string;

  @IsOptional()
  @IsString()
  manualLockHolderName!: string | null;

  @IsBoolean()
  robotConnected!: boolean;
}

export class RobotCheckAnswer {
  @IsIn(['success', 'error'])
  status!: 'success' | 'error';

  @IsBoolean()
  connected!: boolean;

  @IsOptional()
  @IsInt()
  robot_status?: number;

  @IsOptional()
  @IsString()
  message?: string;

  @IsOptional()
  @IsString()
  url?: string;
}

/** What is not given stays as it is, null clears it. */
export class PatchRobotBody {
  @IsOptional()
  @IsString()
  @Length(1, 128)
  name?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => RobotCapabilities)
  capabilities?: RobotCapabilities;

  @IsOptional()
  @ValidateNested()
  @Type(() => RobotLimits)
  limits?: RobotLimits;

  @IsOptional()
  @IsUrl({
    protocols: ['http', 'https'],
    require_protocol: true,
    require_tld: false,
    allow_underscores: true,
    disallow_auth: true,
    allow_query_components: false,
    allow_fragments: false,
  })
  @Matches(/^https?:\/\//, { message: '$property must begin with http:// or https://' })
  @MaxLength(2_048)
  @Describe(
    'Where the robot’s own HTTP server answers; robots also register it themselves',
    'http://10.0.0.7:8000',
    'uri',
  )
  url?: string;
}

export class CreateRobotBody extends PatchRobotBody {
  @IsRobotId()
  robotId!: string;
}

export class RobotLockView {
  @IsString()
  holderName!: string;

  @IsISO8601()
  expiresAt!: string;
}

export class RobotView {
  @IsRobotId()
  robotId!: string;

  @IsString()
  name!: string;

  @ValidateNested()
  @Type(() => RobotCapabilities)
  capabilities!: RobotCapabilities;

  @ValidateNested()
  @Type(() => RobotLimits)
  limits!: RobotLimits;

  @IsOptional()
  @IsString()
  url!: string | null;

  @IsBoolean()
  @Describe('Telemetry came within the stale time-out')
  connected!: boolean;

  @IsOptional()
  @IsObject()
  @Describe('Last telemetry')
  lastState!: Record<string, unknown> | null;

  @IsOptional()
  @IsISO8601()
  lastStateAt!: string | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => RobotLockView)
  lock!: RobotLockView | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => RouteView)
  activeRoute!: RouteView | null;

  @IsInt()
  @Describe('Routes that wait')
  queueLength!: number;

  @IsISO8601()
  createdAt!: string;
}

export class RobotList {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RobotView)
  items!: RobotView[];
}

export class RobotWithKey extends RobotView {
  @IsString()
  @Describe('Shown this once; only its hash is kept')
  apiKey!: string;
}

export class RobotEventView {
  @IsString()
  id!: string;

  @IsRobotId()
  robotId!: string;

  @IsOptional()
  @IsString()
  event!: string | null;

  @IsIn(EVENT_PRIORITIES)
  priority!: EventPriority;

  @IsString()
  message!: string;

  @IsISO8601()
  timestamp!: string;

  @IsISO8601()
  receivedAt!: string;
}

export class RobotEventList {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RobotEventView)
  items!: RobotEventView[];

  @IsOptional()
  @IsString()
  nextCursor!: string | null;
}
