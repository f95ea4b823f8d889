import { conditionsOf, type Difficulty } from '../pictures/conditions';
import { takePicture } from '../pictures/render';
import type { Scene } from '../pictures/scene';
import type { Doll } from '../tray/tray';

/** START or END, or both, of one camera: base64 pictures. */
export type Views = Record<string, { start: string[]; end: string[] }>;

export interface Cameras {
  readonly scene: Scene;
  readonly count: number;
  /** Frames of each side: several, as any one of them may be hard to read. */
  readonly frames: number;
  readonly difficulty: Difficulty;
  readonly random: () => number;
}

async function side(dolls: readonly Doll[], camera: number, cameras: Cameras): Promise<string[]> {
  const taken: string[] = [];
  for (let index = 0; index < cameras.frames; index += 1) {
    const picture = await takePicture({
      scene: cameras.scene,
      camera,
      dolls,
      conditions: conditionsOf(cameras.difficulty, cameras.random),
      seed: Math.floor(cameras.random() * 2 ** 31),
    });
    taken.push(picture.toString('base64'));
  }
  return taken;
}

/** What the cameras saw before and after a turn. */
export async function takeFrames(
  start: readonly Doll[],
  end: readonly Doll[],
  cameras: Cameras,
): Promise<Views> {
  const views: Views = {};
  for (let camera = 0; camera < cameras.count; camera += 1) {
    views[`cam${camera + 1}`] = {
      start: await side(start, camera, cameras),
      end: await side(end, camera, cameras),
    };
  }
  return views;
}
