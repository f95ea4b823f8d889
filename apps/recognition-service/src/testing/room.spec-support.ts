import type { Scene } from '@teleop/sim-cameras';
import { personPicture } from './colour-faces.spec-support';

/** A room with people in it, of 640 × 360. */
export async function room(people: readonly number[], more: Partial<Scene> = {}): Promise<Scene> {
  return {
    width: 640,
    height: 360,
    frames: 10,
    people: await Promise.all(
      people.map(async (person, at) => ({
        picture: await personPicture(person),
        x: 40 + at * 120,
        y: 120,
        width: 70,
      })),
    ),
    ...more,
  };
}
