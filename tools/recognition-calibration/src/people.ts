import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { DetectedFace, RecognitionEngine } from '@teleop/recognition-service';
import sharp from 'sharp';

/** One photograph: whose, and the face in its middle. */
export interface Photo {
  readonly person: string;
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly face: DetectedFace | null;
}

const PICTURE = /\.(jpe?g|png|webp)$/i;

/** A folder a person. One with a single photograph still serves as a stranger. */
export function listPhotos(folder: string): { readonly person: string; readonly file: string }[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((person) => {
      const files = readdirSync(path.join(folder, person)).filter((name) => PICTURE.test(name));
      return files.sort().map((name) => ({ person, file: path.join(folder, person, name) }));
    });
}

/** The face in the middle of each photograph: others may stand behind. */
export async function readPhotos(engine: RecognitionEngine, folder: string): Promise<Photo[]> {
  const photos: Photo[] = [];
  for (const { person, file } of listPhotos(folder)) {
    const { data, info } = await sharp(file)
      .rotate()
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const { faces } = await engine.analyse({ width, height, rgb: data });
    photos.push({ person, file, width, height, face: nearestTo(width / 2, height / 2, faces) });
  }
  return photos;
}

function nearestTo(x: number, y: number, faces: readonly DetectedFace[]): DetectedFace | null {
  const distance = ({ box }: DetectedFace): number =>
    Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y);
  return faces.reduce<DetectedFace | null>(
    (best, face) => (best && distance(best) <= distance(face) ? best : face),
    null,
  );
}
