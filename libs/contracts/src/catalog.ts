import type { EventDeclaration } from './core/event';
import type { FeedDeclaration } from './core/feed';
import type { RequestDeclaration } from './core/request';
import { pointsGranted, queueChanged, sessionActivated, sessionEnded } from './queue/events';
import { authorizeWatcher, currentTurn, queueSnapshot, queueVersions } from './queue/requests';
import {
  recognitionCameraChanged,
  recognitionRecognized,
  recognitionSessionStarted,
  recognitionSessionStopped,
} from './recognition/events';
import { driverInactive } from './robots/events';
import { robotNotificationFeed, robotStatusFeed } from './robots/feeds';
import { mapChanged, planPath } from './robots/map';
import { describeRobot, probeSession, robotStatuses } from './robots/requests';
import { taskCancel, taskChanged, taskCreate, taskGet, taskPause, taskResume } from './robots/tasks';
import {
  trafficAcquire,
  trafficChanged,
  trafficHeartbeat,
  trafficRelease,
  trafficUpdateScope,
} from './robots/traffic';
import {
  teachExecutionUpdated,
  teachLockUpdated,
  teachMissionUpdated,
  teachSampleFeed,
  teachSessionUpdated,
} from './teach/live';
import { teachControl, teachState } from './teach/robot';
import { teachPresent } from './teach/present';
import { visionEvaluationCompleted } from './vision/events';

/** Every event there is. AsyncAPI, the fixtures test and the dead-letter tool read this list. */
export const EVENTS: readonly EventDeclaration[] = [
  queueChanged,
  sessionActivated,
  sessionEnded,
  pointsGranted,
  driverInactive,
  mapChanged,
  trafficChanged,
  taskChanged,
  visionEvaluationCompleted,
  teachSessionUpdated,
  teachLockUpdated,
  teachMissionUpdated,
  teachExecutionUpdated,
  teachControl,
  teachState,
  recognitionRecognized,
  recognitionSessionStarted,
  recognitionSessionStopped,
  recognitionCameraChanged,
];

/** Every request there is. */
export const REQUESTS: readonly RequestDeclaration[] = [
  queueSnapshot,
  queueVersions,
  authorizeWatcher,
  currentTurn,
  probeSession,
  robotStatuses,
  describeRobot,
  planPath,
  trafficAcquire,
  trafficHeartbeat,
  trafficUpdateScope,
  trafficRelease,
  taskCreate,
  taskCancel,
  taskPause,
  taskResume,
  taskGet,
  teachPresent,
];

/** Every feed there is. */
export const FEEDS: readonly FeedDeclaration[] = [robotStatusFeed, robotNotificationFeed, teachSampleFeed];
