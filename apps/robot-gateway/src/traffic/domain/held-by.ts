import type { RobotSituation } from '../../lease/robot-situation';

/** Of what is known about the robot, what this looks at. */
type Situation = Pick<RobotSituation, 'taskId'> & {
  readonly lock: { readonly userId: string; readonly name: string } | undefined;
  readonly lease: Pick<RobotSituation['lease'], 'kind' | 'live' | 'userId' | 'holderName'>;
  readonly route: Pick<NonNullable<RobotSituation['route']>, 'destination'> | undefined;
};

const SOMEBODY = 'somebody';

/**
 * Who or what has the robot so that it cannot be taught, for people; undefined when it can. What the teacher drives by hand
 * himself is no obstacle: that hand becomes his teaching.
 */
export function heldBy(situation: Situation, teacherId: string | undefined): string | undefined {
  const { lease, lock, route, taskId } = situation;
  const his = (userId: string | null) => userId !== null && userId === teacherId;
  const name = lease.holderName ?? SOMEBODY;
  if (lease.live && lease.kind === 'session') return `${name} has the robot in a session`;
  if (lease.live && lease.kind === 'teach') return `${name} teaches the robot`;
  if (lease.live && !his(lease.userId)) return `${name} drives the robot by hand`;
  if (lock !== undefined && !his(lock.userId)) return `${lock.name} has locked the robot to drive it by hand`;
  if (route !== undefined) return `the robot is on a route to ${route.destination}`;
  if (taskId !== undefined) return `the robot has a task to do (${taskId})`;
  return undefined;
}
