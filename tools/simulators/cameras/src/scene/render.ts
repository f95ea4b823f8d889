import sharp from 'sharp';
import { placeOf, type Person, type Scene } from './scene';

const JPEG_QUALITY = 88;

interface Sprite {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Every frame of a scene as a JPEG. */
export async function renderScene(scene: Scene): Promise<Buffer[]> {
  const [room, sprites] = await Promise.all([roomOf(scene), Promise.all(scene.people.map(spriteOf))]);
  const frames: Buffer[] = [];
  for (let index = 0; index < scene.frames; index += 1) {
    const layers = await Promise.all(
      scene.people.map((person, at) => layerOf(sprites[at]!, placeOf(person, scene, index), scene)),
    );
    frames.push(
      await sharp(room)
        .composite(layers.filter((layer) => layer !== undefined))
        .jpeg({ quality: JPEG_QUALITY })
        .toBuffer(),
    );
  }
  return frames;
}

/** A wall, a board and rows of desks: something to look at where nobody is. */
async function roomOf({ width, height }: Scene): Promise<Buffer> {
  const desks = Array.from({ length: 4 }, (_, row) => {
    const y = height * (0.55 + row * 0.11);
    return `<rect x="${width * 0.05}" y="${y}" width="${width * 0.9}" height="${height * 0.02}" fill="#4c4640"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="wall" x2="0" y2="1"><stop offset="0" stop-color="#6f7275"/><stop offset="1" stop-color="#3f4143"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#wall)"/>
    <rect x="${width * 0.25}" y="${height * 0.05}" width="${width * 0.5}" height="${height * 0.2}" fill="#2f3b35"/>${desks.join('')}</svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().png({ compressionLevel: 1 }).toBuffer();
}

async function spriteOf(person: Person): Promise<Sprite> {
  const resized = sharp(person.picture)
    .rotate()
    .resize({ width: Math.round(person.width) });
  const softened = person.blur === undefined ? resized : resized.blur(person.blur);
  const { data, info } = await softened
    .ensureAlpha()
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** What of a sprite is inside the picture; sharp takes nothing that reaches beyond it. */
async function layerOf(
  sprite: Sprite,
  { left, top }: { left: number; top: number },
  scene: Scene,
): Promise<{ input: Buffer; left: number; top: number } | undefined> {
  const [x, y] = [Math.max(0, left), Math.max(0, top)];
  const width = Math.min(left + sprite.width, scene.width) - x;
  const height = Math.min(top + sprite.height, scene.height) - y;
  if (width <= 0 || height <= 0) return undefined;
  if (width === sprite.width && height === sprite.height) return { input: sprite.data, left, top };
  const input = await sharp(sprite.data)
    .extract({ left: x - left, top: y - top, width, height })
    .toBuffer();
  return { input, left: x, top: y };
}
