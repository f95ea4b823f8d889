/** A robot that could do a task now. */
export interface Candidate {
  readonly robotId: string;
  /** Seconds until it is where the task begins; undefined: the map cannot say. */
  readonly travelSeconds: number | undefined;
}

/**
 * The one that would be done first. What the steps take is the same for all, so who is there first is done first. Robots
 * of which the map cannot say come last; equals go by their ids, so that all replicas choose alike.
 */
export function chooseRobot(candidates: readonly Candidate[]): string | undefined {
  const seconds = ({ travelSeconds }: Candidate) => travelSeconds ?? Infinity;
  const best = candidates.reduce<Candidate | undefined>((chosen, candidate) => {
    if (chosen === undefined || seconds(candidate) < seconds(chosen)) return candidate;
    const tie = seconds(candidate) === seconds(chosen) && candidate.robotId < chosen.robotId;
    return tie ? candidate : chosen;
  }, undefined);
  return best?.robotId;
}
