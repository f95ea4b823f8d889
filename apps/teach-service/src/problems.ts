import { ProblemError } from '@teleop/service-kit';
import type { MissionFault } from './missions/domain/step-fault';

/** Codes that people and programs know from the specification are as it writes them. */
export const PROBLEMS = {
  mission_unknown: [404, 'MISSION_NOT_FOUND', 'There is no mission with this id'],
  mission_not_draft: [409, 'mission_not_draft', 'Only a draft can be changed; copy it into a new one'],
  mission_not_published: [409, 'mission_not_published', 'The mission is not published'],
  mission_changed: [412, 'PRECONDITION_FAILED', 'The mission has changed since it was read'],
  mission_busy: [409, 'MISSION_BUSY', 'The mission is changed all the time; try again'],
  mission_empty: [422, 'MISSION_EMPTY', 'The mission has no steps that could be run'],
  execution_unknown: [404, 'EXECUTION_NOT_FOUND', 'There is no execution with this id'],
  execution_over: [409, 'EXECUTION_OVER', 'The execution is over'],
  execution_not_started: [409, 'EXECUTION_NOT_STARTED', 'The execution has no robot yet'],
  robot_unknown: [404, 'robot_unknown', 'There is no robot with this id'],
  robot_offline: [409, 'robot_offline', 'The robot is not connected'],
} as const;

export function problem(kind: keyof typeof PROBLEMS): ProblemError {
  const [status, code, detail] = PROBLEMS[kind];
  return new ProblemError(status, code, detail);
}

/** 422 with everything that is wrong with a mission: `errors` are `{ stepId, path, code, message }`. */
export function faultyMission(errors: readonly MissionFault[]): ProblemError {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new ProblemError(422, 'VALIDATION_FAILED', `${first?.path}: ${first?.message}${more}`, { errors });
}
