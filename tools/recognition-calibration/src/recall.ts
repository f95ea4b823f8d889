import type { RecognitionEngine } from '@teleop/recognition-service';
import sharp from 'sharp';
import { cosineOf, type Pairs } from './pairs';
import type { Photo } from './people';
import { random, shuffled } from './random';

const [WIDTH, HEIGHT] = [1_920, 1_080];
const BACKGROUND = { r: 120, g: 115, b: 105 };
/** A full room; the engine looks at no more than `maxFaces` in a frame. */
const MOST_FACES = 60;
/** Of a camera's JPEG or H.264. */
const QUALITY = 85;

export interface Recall {
  readonly size: number;
  readonly faces: number;
  readonly found: number;
  /** Found where no photograph's face is; people in the background of photographs are among them. */
  readonly others: number;
  readonly embedded: number;
  /** Cosines of those with other photographs of the same person, at full size, and of other people. */
  readonly pairs: Pairs;
}

interface Placed {
  readonly photo: Photo;
  readonly x: number;
  readonly y: number;
}

/** 1080p frames of photographs side by side, shrunk until their faces are `size` pixels wide, as JPEG: how many are found. */
export async function recallAt(
  engine: RecognitionEngine,
  photos: readonly Photo[],
  size: number,
  wanted: number,
): Promise<Recall> {
  const usable = photos.filter((photo) => photo.face !== null);
  const order = shuffled(usable, random(size));
  const result = { size, faces: 0, found: 0, others: 0, embedded: 0 };
  const pairs: { same: number[]; other: number[] } = { same: [], other: [] };
  for (let from = 0; result.faces < wanted && from < order.length * 4;) {
    const { frame, placed } = await compose(order, from, size);
    if (placed.length === 0) break;
    from += placed.length;
    const { faces } = await engine.analyse({ width: WIDTH, height: HEIGHT, rgb: frame });
    const free = new Set(faces);
    for (const { photo, x, y } of placed) {
      result.faces++;
      for (const face of free) {
        const { box } = face;
        const near = Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) < size / 2;
        if (!near || box.width < size / 2 || box.width > size * 2) continue;
        free.delete(face);
        result.found++;
        if (face.embedding !== null) result.embedded++;
        for (const enrolled of usable) {
          if (enrolled.file === photo.file || face.embedding === null) continue;
          const kind = enrolled.person === photo.person ? 'same' : 'other';
          pairs[kind].push(cosineOf(face.embedding, enrolled.face?.embedding ?? null));
        }
        break;
      }
    }
    result.others += free.size;
  }
  return { ...result, pairs };
}

async function compose(
  order: readonly Photo[],
  from: number,
  size: number,
): Promise<{ frame: Uint8Array; placed: Placed[] }> {
  // Photographs are about two and a half times as wide as the face in them.
  const cell = Math.ceil(size * 2.8);
  const [columns, rows] = [Math.max(1, Math.floor(WIDTH / cell)), Math.max(1, Math.floor(HEIGHT / cell))];
  const placed: Placed[] = [];
  const parts: sharp.OverlayOptions[] = [];
  for (let place = 0; place < columns * rows && placed.length < MOST_FACES; place++) {
    const photo = order[(from + place) % order.length];
    if (!photo?.face) continue;
    const { box } = photo.face;
    const side = Math.round((photo.width * size) / ((box.width + box.height) / 2));
    const scale = side / photo.width;
    const height = Math.round(photo.height * scale);
    if (side > WIDTH || height > HEIGHT) continue;
    const left = Math.min((place % columns) * cell, WIDTH - side);
    const top = Math.min(Math.floor(place / columns) * cell, HEIGHT - height);
    parts.push({
      input: await sharp(photo.file).resize(side, height, { kernel: 'lanczos3' }).png().toBuffer(),
      left,
      top,
    });
    placed.push({
      photo,
      x: left + (box.x + box.width / 2) * scale,
      y: top + (box.y + box.height / 2) * scale,
    });
  }
  const canvas = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: BACKGROUND } });
  const jpeg = await canvas.composite(parts).jpeg({ quality: QUALITY }).toBuffer();
  return { frame: await sharp(jpeg).removeAlpha().raw().toBuffer(), placed };
}
