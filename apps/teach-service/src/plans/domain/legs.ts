import type { StepPayload } from '../../missions/domain/steps';

export interface Leg<S> {
  readonly step: S;
  /** Node it begins at; undefined: not known, or no drive. */
  readonly from: string | undefined;
  /** Node it ends at; undefined: off the map, or no drive. */
  readonly to: string | undefined;
}

/** The node that a moveToPoint leads to; undefined when it leads to coordinates. */
export function destinationOf(payload: StepPayload): string | undefined {
  const { nodeId, pointId } = (payload['destination'] ?? {}) as { nodeId?: unknown; pointId?: unknown };
  const node = nodeId ?? pointId;
  return typeof node === 'string' ? node : undefined;
}

/** Where each step begins and ends, for a robot that stands at `start`. */
export function legsOf<S extends { readonly type: string; readonly payload: StepPayload }>(
  steps: readonly S[],
  start: string | undefined,
): Leg<S>[] {
  let at = start;
  return steps.map((step) => {
    if (step.type !== 'moveToPoint') return { step, from: undefined, to: undefined };
    const leg = { step, from: at, to: destinationOf(step.payload) };
    at = leg.to;
    return leg;
  });
}
