import { ChangeFleet } from './change-fleet';
import { Fleet } from './fleet';
import { FleetController } from './fleet.controller';
import { RobotKeyGuard } from './robot-key.guard';
import { RobotStore } from './robot-store';
import { RobotViews } from './robot-views';

export const FLEET_PROVIDERS = [RobotStore, Fleet, RobotViews, ChangeFleet, RobotKeyGuard];
export const FLEET_CONTROLLERS = [FleetController];
