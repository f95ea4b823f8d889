import path from 'node:path';
import sharp from 'sharp';
import type { Scene } from './scene/scene';

/*
 * The photographs are those that come with @vladmandic/face-api (MIT), read where npm has put them: none is copied into this
 * repository. sample6 shows a class of four, sample3 three people at the door who are not of it.
 */
const WIDTH = 960;
const FRAMES = 10;

const photo = (name: string): string =>
  path.join(path.dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo', name);

/** Of sample6, from left to right, in pixels of a picture of WIDTH. */
const FACES = [
  { x: 118, y: 265, size: 122 },
  { x: 331, y: 188, size: 120 },
  { x: 574, y: 172, size: 114 },
  { x: 728, y: 153, size: 128 },
];
const MARGIN = 0.4;

export async function demoScenes(): Promise<{ readonly class: Scene; readonly door: Scene }> {
  const [inClass, atDoor] = await Promise.all([sceneOf('sample6.jpg', 2), sceneOf('sample3.jpg', 1)]);
  return { class: inClass, door: atDoor };
}

async function sceneOf(name: string, pan: number): Promise<Scene> {
  const { data, info } = await sharp(photo(name))
    .resize({ width: WIDTH })
    .jpeg()
    .toBuffer({ resolveWithObject: true });
  const people = [{ picture: data, x: 0, y: 0, width: WIDTH }];
  return { width: WIDTH, height: info.height - (info.height % 2), frames: FRAMES, people, pan };
}

/** A photo of each of the class, as they would enrol with. */
export function demoPeople(): Promise<Buffer[]> {
  return Promise.all(
    FACES.map(async ({ x, y, size }) => {
      const margin = Math.round(size * MARGIN);
      const picture = await sharp(photo('sample6.jpg')).resize({ width: WIDTH }).toBuffer();
      const side = size + 2 * margin;
      return sharp(picture)
        .extract({
          left: x - margin,
          top: y - margin,
          width: Math.min(side, WIDTH - x + margin),
          height: side,
        })
        .jpeg({ quality: 92 })
        .toBuffer();
    }),
  );
}
