import { randomUUID } from 'node:crypto';
import type { MissionStepBody } from '@teleop/contracts';
import { ProblemError } from '@teleop/service-kit';
import { STEP_SCHEMA_VERSION, type MissionStep } from './domain/steps';

/** Steps as they are stored; those without an id get one. Throws 400 when two have the same. */
export function draftSteps(bodies: readonly MissionStepBody[], max: number): MissionStep[] {
  const errors: { path: string; message: string }[] = [];
  if (bodies.length > max) errors.push({ path: 'steps', message: `steps must have no more than ${max}` });
  const seen = new Set<string>();
  const steps = bodies.map((body, index): MissionStep => {
    const stepId = body.stepId?.toLowerCase() ?? randomUUID();
    if (seen.has(stepId)) {
      errors.push({ path: `steps.${index}.stepId`, message: 'stepId must be unique within the mission' });
    }
    seen.add(stepId);
    const { type, requiredTimeSeconds = null, payload } = body;
    return {
      schemaVersion: STEP_SCHEMA_VERSION,
      stepId,
      type,
      ...(requiredTimeSeconds !== null && { requiredTimeSeconds }),
      payload: payload ?? {},
    };
  });
  const [first] = errors;
  if (first !== undefined)
    throw new ProblemError(400, 'VALIDATION_FAILED', `${first.path}: ${first.message}`, { errors });
  return steps;
}
