import { IsArray, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString, Min } from 'class-validator';
import { Describe } from '../core/describe';
import { defineFeed } from '../core/feed';
import { IsRobotId } from '../core/ids';
import { EVENT_PRIORITIES, RobotStatus, type EventPriority } from './http';

/** The `status_update` event: the object of `GET /status`, whose it is, and its nodes. */
export class RobotStatusUpdate extends RobotStatus {
  @IsRobotId()
  robotId!: string;

  @IsArray()
  @IsString({ each: true })
  @Describe('Empty while they are not known')
  nodes!: string[];

  @IsInt()
  @Min(0)
  @Describe('Only grows: of two updates of a robot the higher is the newer')
  version!: number;
}

/** On the way between services the whole status is carried as it is, with the telemetry fields we do not know. */
export class RobotStatusFeed {
  @IsRobotId()
  robotId!: string;

  @IsInt()
  @Min(0)
  version!: number;

  @IsObject()
  @Describe('A RobotStatusUpdate')
  status!: Record<string, unknown>;
}

/** The `robot_notification` event. */
export class RobotNotification {
  @IsString()
  @Describe('Its own: heard twice, it is the same one')
  id!: string;

  @IsRobotId()
  robotId!: string;

  @IsIn(EVENT_PRIORITIES)
  priority!: EventPriority;

  @IsString()
  message!: string;

  @IsOptional()
  @IsString()
  @Describe('Its name, when the robot gave it one')
  event?: string | null;

  @IsISO8601()
  timestamp!: string;
}

export const robotStatusFeed = defineFeed({
  name: 'robots.status',
  owner: 'robot-gateway',
  subject: 'teleop.feeds.robots.status.v1.{robotId}',
  payload: RobotStatusFeed,
  description: 'What a robot’s watchers see, at most 10 a second a robot.',
});

export const robotNotificationFeed = defineFeed({
  name: 'robots.notification',
  owner: 'robot-gateway',
  subject: 'teleop.feeds.robots.notification.v1.{robotId}',
  payload: RobotNotification,
  description: 'Something a person should know: a robot’s event, a command that did not arrive.',
});
