import {
  teachExecutionUpdated,
  teachLockUpdated,
  teachMissionUpdated,
  teachSampleFeed,
  teachSessionUpdated,
  type EventDeclaration,
  type FeedDeclaration,
  type ServiceName,
} from '@teleop/contracts';

/** About one robot; without one it is everybody's. */
export interface TeachNews {
  readonly robotId?: string | null;
}

type Heard = EventDeclaration<ServiceName, TeachNews> | FeedDeclaration<ServiceName, TeachNews>;

/** What of teach-service clients of `/teach` hear, by the source's names. */
export const TEACH_NEWS: readonly (readonly [name: string, heard: Heard])[] = [
  ['teach.session.updated', teachSessionUpdated],
  ['teach.sample.received', teachSampleFeed],
  ['teach.mission.updated', teachMissionUpdated],
  ['teach.lock.updated', teachLockUpdated],
  ['teach.execution.updated', teachExecutionUpdated],
];
