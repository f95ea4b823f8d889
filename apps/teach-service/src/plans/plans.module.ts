import { ExportMission } from '../export/export-mission';
import { StepSchemaController } from '../step-schema/step-schema.controller';
import { Paths } from './paths';
import { PlansController } from './plans.controller';
import { SimulateMission } from './simulate-mission';
import { Whereabouts } from './whereabouts';

export const PLAN_CONTROLLERS = [PlansController, StepSchemaController];
export const PLANS = [Paths, Whereabouts, SimulateMission, ExportMission];
