import { stepOfIntent, type MissionStep } from '../../missions/domain/steps';
import type { Said } from './said';

/** When a step was wanted: by the robot's clock, then by JetStream's order. */
export interface Wanted {
  readonly ts: number;
  readonly seq: number;
}

/** The step that the operator wants, named as what wanted it; undefined when it has not the shape of one. */
export function stepOf({ payload, sampleId }: Said): MissionStep | undefined {
  const { intent } = payload;
  if (!intent) return undefined;
  const here = intent.type === 'moveToPoint' ? { destination: whereabouts(payload) } : {};
  return stepOfIntent({ ...intent, payload: { ...here, ...intent.payload } }, sampleId);
}

/** A node by its name, else where on the map. */
function whereabouts({ nodeId, poseX, poseY }: Said['payload']): object {
  return nodeId ? { nodeId } : { x: poseX, y: poseY };
}

/**
 * The draft with a step more. It goes to the end, where the operator wants it, unless what was wanted after it has come
 * before it; steps that a person wrote or moved stay where they are.
 */
export function withTaught(
  steps: readonly MissionStep[],
  step: MissionStep,
  wanted: Wanted,
  known: ReadonlyMap<string, Wanted>,
): readonly MissionStep[] {
  if (steps.some(({ stepId }) => stepId === step.stepId)) return steps;
  const later = steps.findIndex(({ stepId }) => {
    const other = known.get(stepId);
    return (
      other !== undefined && (other.ts > wanted.ts || (other.ts === wanted.ts && other.seq > wanted.seq))
    );
  });
  return later < 0 ? [...steps, step] : [...steps.slice(0, later), step, ...steps.slice(later)];
}
