import { isRobotId, type RobotId } from '@teleop/contracts';
import { ProblemError, type UpgradeRequest } from '@teleop/service-kit';

/** The robot a socket is about: `?robotId=`, else (robots) the X-Robot-Id header, else the default one. */
export function robotIdOf(req: UpgradeRequest, fallback: string): RobotId {
  const header = req.headers['x-robot-id'];
  const id = req.query.get('robotId') ?? (typeof header === 'string' ? header : undefined) ?? fallback;
  if (isRobotId(id)) return id;
  throw new ProblemError(400, 'VALIDATION_FAILED', 'robotId is not a robot id', {
    errors: [{ path: 'robotId', message: 'robotId must be 1-64 characters of A-Z, a-z, 0-9, _ or -' }],
  });
}
