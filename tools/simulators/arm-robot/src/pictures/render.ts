import type sharpModule from 'sharp';
import { grains } from '../tray/random';
import type { Doll } from '../tray/tray';
import { drawScene, HEIGHT, viewOf, WIDTH, type ArmInPicture, type Scene } from './scene';

export interface Conditions {
  /** Brightness, 1 as it is. */
  readonly light: number;
  /** Difference of brightness between the left and the right edge, e.g. 0.3. */
  readonly gradient: number;
  /** Standard deviation of the sensor's noise, in grey levels of 255. */
  readonly noise: number;
  /** Colour cast: factors of red and blue. */
  readonly warmth: number;
  readonly arm?: ArmInPicture;
}

export const DAYLIGHT: Conditions = { light: 1, gradient: 0, noise: 2, warmth: 1 };

export type PictureFormat = 'jpeg' | 'png' | 'webp';

export interface Picture {
  readonly scene: Scene;
  readonly camera: number;
  /** All dolls of the table; those of other cameras' rows are not in the picture. */
  readonly dolls: readonly Doll[];
  readonly conditions: Conditions;
  readonly seed: number;
  readonly format?: PictureFormat;
  readonly quality?: number;
}

const CHANNELS = 3;

/** libvips is 30 MB: a robot that never takes a picture does without. */
async function loadSharp(): Promise<typeof sharpModule> {
  const { default: sharp } = await import('sharp');
  return sharp;
}

/** What the sensor makes of the light that falls on it; in place. */
function expose(pixels: Buffer, { light, gradient, noise, warmth }: Conditions, grain: () => number): void {
  const tint = [warmth, 1, 1 / warmth];
  let at = 0;
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const brightness = light * (1 + gradient * (x / WIDTH - 0.5));
      for (let channel = 0; channel < CHANNELS; channel += 1) {
        const value = pixels[at]! * brightness * tint[channel]! + noise * grain();
        pixels[at] = value < 0 ? 0 : value > 255 ? 255 : value;
        at += 1;
      }
    }
  }
}

/** An encoded picture of what one camera sees. */
export async function takePicture(picture: Picture): Promise<Buffer> {
  const { scene, camera, dolls, conditions, seed, format = 'jpeg', quality = 85 } = picture;
  const sharp = await loadSharp();
  const svg = drawScene({
    scene,
    view: viewOf(camera),
    dolls: dolls.filter((doll) => doll.camera === camera),
    arm: conditions.arm,
  });
  const pixels = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer();
  expose(pixels, conditions, grains(seed));
  const image = sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: CHANNELS } });
  return image.toFormat(format, format === 'png' ? {} : { quality }).toBuffer();
}
