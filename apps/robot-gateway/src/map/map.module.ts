import { planPath } from '@teleop/contracts';
import { MapRepository } from './map-repository';
import { MapStore } from './map-store';
import { MapController } from './map.controller';
import { PlanAnswers } from './plan.answers';
import { PlanForPeople } from './plan-for-people';
import { RoutePlanner } from './route-planner';
import { SetMap } from './set-map';
import { YamlBody } from './yaml-body';

/** What of this folder goes into the app's module. */
export const MAP = [MapRepository, SetMap, MapStore, RoutePlanner, PlanForPeople, PlanAnswers, YamlBody];
export const MAP_ANSWERS = [planPath];
/** Before the fleet's: `/api/v1/robots/map` would else be taken for a robot. */
export const MAP_CONTROLLERS = [MapController];
