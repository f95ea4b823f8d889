import sharp from 'sharp';

/** Small enough to be quick, large enough that a doll still has a few hundred pixels. */
const WIDTH = 320;
const MAX_PIXELS = 50_000_000;

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGB, one byte each. */
  readonly data: Buffer;
}

/** Decodes an encoded picture, shrinks it and takes the grain out. Throws for what is not a picture. */
export async function decode(encoded: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(encoded, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
    .rotate()
    .removeAlpha()
    .toColourspace('srgb')
    .resize({ width: WIDTH })
    .median(5)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
