import { DIFFICULTIES, type Difficulty } from '../pictures/conditions';
import { SCENES, type Scene } from '../pictures/scene';
import type { TurnEyesOptions } from '../turn/turn-eyes';
import { readNumber, readText } from './environment';

const MAX_FRAMES = 5;

function oneOf<T extends string>(name: string, values: readonly T[], fallback: T): T {
  const value = readText(name, fallback);
  const found = values.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  process.stderr.write(`${name} must be one of ${values.join(', ')}\n`);
  process.exit(2);
}

/** undefined without VISION_SERVICE_URL: an arm without cameras. */
export function readEyes(robotId: string): TurnEyesOptions | undefined {
  const url = readText('VISION_SERVICE_URL', '');
  if (url === '') return undefined;
  const dolls = readNumber('ROBOT_DOLLS', 4);
  const scene: Scene = robotId === 'arm1' ? 'trays' : 'acrylic-box';
  const difficulty: Difficulty = 'usual';
  return {
    robotId,
    vision: { url, internalToken: readText('INTERNAL_API_TOKEN', 'dev-internal-token') },
    scene: oneOf('ROBOT_SCENE', SCENES, scene),
    difficulty: oneOf('ROBOT_PICTURES', DIFFICULTIES, difficulty),
    frames: Math.min(MAX_FRAMES, Math.round(readNumber('ROBOT_FRAMES', 3))),
    dolls: [
      { left: Math.round(dolls), right: 0 },
      { left: Math.round(dolls), right: 0 },
    ],
    seed: Math.floor(Math.random() * 2 ** 31),
  };
}
