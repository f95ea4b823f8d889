import { setting, type ConfigOf } from '@teleop/service-kit';
import { MAX_TASK_STEPS } from '@teleop/contracts';

export const missionSettings = {
  /** Steps of one mission. */
  MISSION_MAX_STEPS: setting.int({ default: MAX_TASK_STEPS, min: 1, max: MAX_TASK_STEPS }),
  /** Missions that one mission may refer to, over all levels. */
  MISSION_MAX_REFERENCES: setting.int({ default: 500, min: 1, max: 10_000 }),
  /** Times that a change starts anew when somebody else changes the mission meanwhile. */
  MISSION_CHANGE_ATTEMPTS: setting.int({ default: 5, min: 1 }),
};

export type MissionSettings = ConfigOf<typeof missionSettings>;
