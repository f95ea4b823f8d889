import { scenePrompt, type ScenePrompt } from './scene';

export type { ScenePrompt } from './scene';

export const SCENES = ['trays', 'acrylic-box'] as const;
export type Scene = (typeof SCENES)[number];

/** Versioned: stored with every evaluation, so that a change of wording can be told in the figures. */
export const PROMPTS: Readonly<Record<Scene, ScenePrompt>> = {
  trays: scenePrompt(
    'trays-1',
    'There are two trays on a table. The left area is the rectangular tray, the right area is the round tray.',
  ),
  'acrylic-box': scenePrompt(
    'acrylic-box-1',
    'There is a box of transparent acrylic. A black line on its floor divides it: the left area is everything left of the black line, the right area everything right of it.',
  ),
};

/** arm1 has trays, arm2 and arm3 the box (source); a robot that is not named has the box. */
export function sceneOf(robotId: string, scenes: ReadonlyMap<string, Scene>): Scene {
  return scenes.get(robotId) ?? 'acrylic-box';
}
