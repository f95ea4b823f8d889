import { MAX_TASK_STEPS, type TaskStep } from '@teleop/contracts';
import type { CheckedMission } from '../missions/check-mission';
import { expandSteps } from '../missions/domain/expand-steps';
import type { MissionRowWithSteps } from '../missions/mission-record';

/** All steps of a mission that was checked; undefined when writing them out would not end, or end too late. */
export function writtenOut(
  { steps_json: steps }: MissionRowWithSteps,
  { faults, referenced }: CheckedMission,
): TaskStep[] | undefined {
  const endless = faults.some(({ code, path }) => code === 'missionRef_cycle' || path === 'steps');
  return endless ? undefined : expandSteps(steps, referenced, MAX_TASK_STEPS);
}
