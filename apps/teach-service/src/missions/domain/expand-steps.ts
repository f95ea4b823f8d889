import type { StepType, TaskStep } from '@teleop/contracts';
import { missionReferredTo } from './demands';
import type { Stepped } from './mission-graph';
import type { MissionStep } from './steps';

/**
 * A published mission's steps with every reference written out, in the order in which they are done. Publishing made sure
 * that this ends; `max` is the net below it. Throws RangeError beyond.
 */
export function expandSteps(
  steps: readonly MissionStep[],
  referenced: ReadonlyMap<string, Stepped>,
  max: number,
): (TaskStep & { readonly type: StepType })[] {
  const expanded: TaskStep[] = [];
  const write = (some: readonly MissionStep[], depth: number): void => {
    if (depth > referenced.size) throw new RangeError('missions refer to each other in a circle');
    for (const step of some) {
      if (step.type === 'missionRef') {
        write(referenced.get(missionReferredTo(step) ?? '')?.steps ?? [], depth + 1);
        continue;
      }
      if (expanded.length >= max) throw new RangeError(`more than ${max} steps`);
      const { stepId, type, payload, requiredTimeSeconds } = step;
      expanded.push({
        stepId,
        type: type as StepType,
        payload: { ...payload },
        ...(typeof requiredTimeSeconds === 'number' && { requiredTimeSeconds }),
      });
    }
  };
  write(steps, 0);
  return expanded;
}
