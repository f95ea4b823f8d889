import { EventStore } from './event-store';
import { EventsController } from './events.controller';
import { Notifications } from './notifications';
import { EventRetentionJob } from './retention.job';
import { RobotEvents } from './robot-events';

export const EVENT_PROVIDERS = [EventStore, Notifications, RobotEvents, EventRetentionJob];
export const EVENT_CONTROLLERS = [EventsController];
