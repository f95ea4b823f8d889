import { ProblemError } from '@teleop/service-kit';
import sharp from 'sharp';
import type { Frame } from '../engine/engine';

const FORMATS = new Set(['jpeg', 'png', 'webp']);

/** Upright, RGB, no larger than asked for. Throws ProblemError 400 INVALID_FILE_FORMAT. */
export async function readPhoto(
  photo: Buffer,
  { maxPixels, maxSide }: { readonly maxPixels: number; readonly maxSide: number },
): Promise<Frame> {
  try {
    const image = sharp(photo, { limitInputPixels: maxPixels, failOn: 'error' });
    const { format } = await image.metadata();
    if (!FORMATS.has(format)) throw new Error(`a photo in ${format}`);
    const { data, info } = await image
      .rotate()
      .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#808080' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    // A copy with memory of its own: it is handed over to the engine's thread.
    return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
  } catch (error) {
    throw new ProblemError(400, 'INVALID_FILE_FORMAT', 'photo must be a JPEG, PNG or WebP picture', {
      errors: [{ path: 'photo', message: 'must be a JPEG, PNG or WebP picture' }],
      cause: error,
    });
  }
}
