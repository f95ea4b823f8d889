import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';
import sharp from 'sharp';

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type FindFaces = (picture: Picture) => Promise<readonly { readonly box: Box; readonly embedding: unknown }[]>;

const [WIDTH, HEIGHT] = [1_920, 1_080];
const COLUMNS = 6;
const FACE = 90;
const CELL = 260;
/** A head with what is around it, as wide as this many faces. */
const AROUND = 2.2;
/** Faces in the photographs that face-api ships. */
const PHOTOGRAPHS = [1, 2, 3, 4, 5, 6].map((n) =>
  path.join(workspaceRoot(), 'node_modules', '@vladmandic', 'face-api', 'demo', `sample${n}.jpg`),
);

/** A 1080p frame with so many people in rows, each face 90 pixels wide, from the photographs of the packages. */
export async function classFrame(faces: number, find: FindFaces): Promise<Picture> {
  const heads: Buffer[] = [];
  for (const file of PHOTOGRAPHS) {
    const picture = await read(sharp(file));
    for (const { box, embedding } of await find(picture)) {
      if (embedding === null) continue;
      const side = Math.round(box.width * AROUND);
      const left = clamp(box.x + box.width / 2 - side / 2, picture.width - side);
      const top = clamp(box.y + box.height / 2 - side / 2, picture.height - side);
      const to = Math.round(FACE * AROUND);
      heads.push(
        await sharp(file).extract({ left, top, width: side, height: side }).resize(to, to).png().toBuffer(),
      );
    }
  }
  const parts = Array.from({ length: faces }, (_, i) => ({
    input: heads[i % heads.length] as Buffer,
    left: 60 + (i % COLUMNS) * Math.round((WIDTH - 120) / COLUMNS),
    top: 20 + Math.floor(i / COLUMNS) * CELL,
  }));
  const room = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#78736a' } });
  return read(sharp(await room.composite(parts).jpeg({ quality: 88 }).toBuffer()));
}

async function read(image: sharp.Sharp): Promise<Picture> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: Uint8Array.from(data) };
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, Math.round(value)));
}
