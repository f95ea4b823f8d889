import { CreateSession } from './create-session';
import { DraftMissions } from './draft-missions';
import { EndSession } from './end-session';
import { KeepRecordingsJob } from './keep-recordings.job';
import { Recordings } from './recordings';
import { RobotDesk } from './robot-desk';
import { RobotWatch } from './robot-watch';
import { SamplePages } from './sample-pages';
import { SessionNews } from './session-news';
import { SessionStore } from './session-store';
import { SessionsController } from './sessions.controller';
import { StartSession } from './start-session';
import { StopSession } from './stop-session';
import { TrafficLocks } from './traffic-locks';

/** What of this folder goes into the app's module. */
export const SESSION_CONTROLLERS = [SessionsController];
export const SESSIONS = [
  SessionStore,
  SessionNews,
  DraftMissions,
  TrafficLocks,
  RobotDesk,
  RobotWatch,
  EndSession,
  Recordings,
  KeepRecordingsJob,
  CreateSession,
  StartSession,
  StopSession,
  SamplePages,
];
