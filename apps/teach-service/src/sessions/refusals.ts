import { ProblemError } from '@teleop/service-kit';
import type { SessionRow } from './session-record';

export function sessionUnknown(): ProblemError {
  return new ProblemError(404, 'SESSION_NOT_FOUND', 'There is no teach session with this id');
}

export function robotUnknown(robotId: string): ProblemError {
  return new ProblemError(404, 'robot_unknown', `There is no robot ${robotId}`);
}

export function robotOffline(robotId: string): ProblemError {
  return new ProblemError(409, 'robot_offline', `Robot ${robotId} is not connected`);
}

export function notStartable(row: SessionRow): ProblemError {
  return new ProblemError(409, 'session_not_startable', `A session that is ${row.status} cannot be started`);
}

export function alreadyTeaching(robotId: string): ProblemError {
  return new ProblemError(409, 'robot_already_teaching', `Another session records on robot ${robotId}`);
}

export function lockConflict(detail: string): ProblemError {
  return new ProblemError(409, 'traffic_lock_conflict', detail);
}
