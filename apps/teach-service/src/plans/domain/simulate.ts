import type { SimulatedStep, SimulationGap, TaskStep } from '@teleop/contracts';
import type { Leg } from './legs';

/** As robot-gateway plans it; a text: why there is no way. */
export type Way =
  | {
      readonly nodeIds: string[];
      readonly pathIds: string[];
      readonly lengthM: number;
      readonly etaSeconds: number;
      readonly blockedBy: SimulatedStep['conflicts'];
    }
  | SimulationGap;

/** How the steps would go one after the other. */
export function simulate(
  legs: readonly Leg<TaskStep>[],
  wayOf: (from: string, to: string) => Way,
): SimulatedStep[] {
  let etaSeconds = 0;
  return legs.map((leg) => {
    const { stepId, type } = leg.step;
    const way = type === 'moveToPoint' ? wayOfLeg(leg, wayOf) : undefined;
    const known = typeof way === 'object' ? way : undefined;
    const durationSeconds = known === undefined ? actionSeconds(leg.step) : driveSeconds(leg.step, known);
    etaSeconds += durationSeconds;
    return {
      stepId,
      type,
      durationSeconds,
      etaSeconds,
      path:
        known === undefined
          ? null
          : { nodeIds: known.nodeIds, pathIds: known.pathIds, lengthM: known.lengthM },
      conflicts: known?.blockedBy ?? [],
      gap: typeof way === 'string' ? way : null,
    };
  });
}

function wayOfLeg({ from, to }: Leg<TaskStep>, wayOf: (from: string, to: string) => Way): Way {
  if (to === undefined) return 'off_map';
  return from === undefined ? 'start_unknown' : wayOf(from, to);
}

/** A drive that the map cannot time counts as none. */
function actionSeconds({ type, requiredTimeSeconds }: TaskStep): number {
  return type === 'moveToPoint' ? 0 : (requiredTimeSeconds ?? 0);
}

/** A step may ask for less speed than map and robot would allow. */
function driveSeconds({ payload }: TaskStep, { etaSeconds, lengthM }: Exclude<Way, string>): number {
  const { speed } = payload;
  return typeof speed === 'number' && speed > 0 ? Math.max(etaSeconds, lengthM / speed) : etaSeconds;
}
