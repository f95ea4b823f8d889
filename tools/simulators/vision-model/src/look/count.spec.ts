import {
  conditionsOf,
  SCENES,
  seeded,
  takePicture,
  Tray,
  type Difficulty,
  type Scene,
} from '@teleop/sim-arm-robot';
import { countDolls } from './count';

async function seen(scene: Scene, left: number, right: number, difficulty: Difficulty, seed: number) {
  const random = seeded(seed);
  const camera = seed % 2;
  const none = { left: 0, right: 0 };
  const counts = camera === 0 ? [{ left, right }, none] : [none, { left, right }];
  const conditions = conditionsOf(difficulty, random);
  const { dolls } = Tray.with(counts, seed);
  return countDolls(await takePicture({ scene, camera, dolls, conditions, seed }));
}

describe.each(SCENES)('a look at the %s', (scene) => {
  it.each([
    [0, 0],
    [1, 0],
    [0, 3],
    [4, 2],
    [5, 5],
  ])('sees %i to the left and %i to the right, by daylight and as it usually is', async (left, right) => {
    for (const seed of [1, 2]) {
      expect(await seen(scene, left, right, 'clear', seed)).toEqual({ left, right });
      expect(await seen(scene, left, right, 'usual', seed + 10)).toEqual({ left, right });
    }
  });

  it('is right most of the time when light is poor and the arm is in the way', async () => {
    let right = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const counts = await seen(scene, seed % 4, (seed + 1) % 3, 'hard', seed);
      if (counts.left === seed % 4 && counts.right === (seed + 1) % 3) right += 1;
    }
    expect(right).toBeGreaterThanOrEqual(9);
  });
});

it('does not see what is no picture', async () => {
  await expect(countDolls(Buffer.from('not a picture'))).rejects.toThrow();
});
