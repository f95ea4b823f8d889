import type { Frame } from '../engine';
import { BadFrame } from '../errors';

const MOST_PIXELS = 64_000_000;

/** The frame in a buffer of its own, which can be handed over: a view of a larger one (Node pools small buffers) is copied. */
export function ownBuffer({ width, height, rgb }: Frame): Frame {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!whole || width * height > MOST_PIXELS) throw new BadFrame(`${width} × ${height}`);
  if (rgb.length !== width * height * 3)
    throw new BadFrame(`${rgb.length} bytes for ${width} × ${height} in RGB`);
  const own = rgb.byteLength === rgb.buffer.byteLength && rgb.buffer instanceof ArrayBuffer;
  return { width, height, rgb: own ? rgb : Uint8Array.from(rgb) };
}
