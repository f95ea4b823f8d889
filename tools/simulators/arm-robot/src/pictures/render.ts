import type sharpModule from 'sharp';
import { gaussian, seeded } from '../tray/random';
import type { Tray } from '../tray/tray';
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
  readonly tray: Tray;
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
function expose(pixels: Buffer, { light, gradient, noise, warmth }: Conditions, random: () => number): void {
  const tint = [warmth, 1, 1 / warmth];
  for (let at = 0; at < pixels.length; at += CHANNELS) {
    const x = (at / CHANNELS) % WIDTH;
    const brightness = light * (1 + gradient * (x / WIDTH - 0.5));
    for (let channel = 0; channel < CHANNELS; channel += 1) {
      const grain = noise > 0 ? noise * gaussian(random) : 0;
      const value = pixels[at + channel]! * brightness * tint[channel]! + grain;
      pixels[at + channel] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}

/** An encoded picture of what one camera sees. */
export async function takePicture(picture: Picture): Promise<Buffer> {
  const { scene, camera, tray, conditions, seed, format = 'jpeg', quality = 85 } = picture;
  const sharp = await loadSharp();
  const svg = drawScene({
    scene,
    view: viewOf(camera),
    dolls: tray.dolls.filter((doll) => doll.camera === camera),
    arm: conditions.arm,
  });
  const pixels = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer();
  expose(pixels, conditions, seeded(seed));
  const image = sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: CHANNELS } });
  return image.toFormat(format, format === 'png' ? {} : { quality }).toBuffer();
}
