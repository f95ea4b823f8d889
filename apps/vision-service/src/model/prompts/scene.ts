/** What is the same for every scene; a change of any word is a new version (see ./index.ts). */
const COUNTING = `Count every doll that lies in the scene, also one that is partly hidden by the robot arm or by another doll, as long as any part of it is visible. Count a doll where the larger part of it lies. Do not count the arm, its gripper, shadows, reflections, printed pictures, or anything outside the two areas. A doll that the gripper holds counts for the area it is above.
Work from left to right and look at each area twice before you answer. If you cannot see a doll, do not guess that it must be there.`;

export interface ScenePrompt {
  readonly version: string;
  readonly system: string;
  readonly single: string;
  readonly pair: string;
}

/** A scene's prompts from the description of its two areas. */
export function scenePrompt(version: string, areas: string): ScenePrompt {
  const system = `You count small plush dolls in pictures of a robot arm's workplace.
${areas}
${COUNTING}
Answer with JSON only, nothing before or after it.`;
  return {
    version,
    system,
    single:
      'How many dolls lie in the left and in the right area of this picture? Answer {"left": <int>, "right": <int>}.',
    pair: `The first picture is START, the second is END: the same camera before and after the arm worked.
Count each picture on its own, START first, without assuming that END has as many dolls as START. Then say how many dolls were moved from the left area to the right one and from the right area to the left one.
Answer {"start": {"left": <int>, "right": <int>}, "end": {"left": <int>, "right": <int>}, "moved": {"l_to_r": <int>, "r_to_l": <int>}}.`,
  };
}
