import { Injectable } from '@nestjs/common';
import { faultOfFreeForm, RobotState, validate } from '@teleop/contracts';
import { ProblemError } from '@teleop/service-kit';
import { RouteQueue } from '../routes/route-queue';
import { LiveRobots, type Telemetry } from './live-robots';

/** What a robot says of itself comes in, and its queue of routes moves on by it. */
@Injectable()
export class TakeTelemetry {
  constructor(
    private readonly live: LiveRobots,
    private readonly queue: RouteQueue,
  ) {}

  /** Throws a ProblemError that names the fields of a body that is not telemetry. Fields we do not know are kept. */
  run(robotId: string, body: unknown): Promise<void> | undefined {
    const checked = validate(RobotState, body);
    const fault = checked.ok ? faultOfFreeForm(body, 'body') : undefined;
    const errors = checked.ok ? (fault === undefined ? [] : [fault]) : checked.errors;
    if (errors.length > 0) {
      const [first] = errors;
      throw new ProblemError(400, 'VALIDATION_FAILED', `${first?.path || 'body'}: ${first?.message}`, {
        errors: errors.map((error) => (error.path === '' ? { ...error, path: 'body' } : error)),
      });
    }
    const state = body as Telemetry;
    this.live.learn(robotId, state, { here: true, ageMs: 0 });
    if (!this.queue.concerns(robotId, state)) return undefined;
    // The robot's word is taken; what it moves is looked at again with its next one, should the database be away.
    return this.queue.tryAdvance(robotId);
  }
}
