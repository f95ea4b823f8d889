import { CheckMission } from './check-mission';
import { EditMissions } from './edit-missions';
import { MissionStore } from './mission-store';
import { MissionsController } from './missions.controller';
import { PublishMission } from './publish-mission';
import { ReferencedMissions } from './referenced-missions';
import { Robots } from './robots';

export const MISSION_CONTROLLERS = [MissionsController];
export const MISSIONS = [
  MissionStore,
  ReferencedMissions,
  Robots,
  CheckMission,
  EditMissions,
  PublishMission,
];
