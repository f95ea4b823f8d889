import type { Frame } from '../engine/engine';

const MAX_HEADER = 64;
const MAX_SIDE = 16_384;

export class NotPpm extends Error {
  override readonly name = 'NotPpm';
}

/** Cuts a stream of binary PPM pictures (`P6 width height 255`, then RGB) into frames; each has a buffer of its own. */
export class PpmReader {
  #header = '';
  #frame: Frame | undefined;
  #filled = 0;
  #spare: Uint8Array | undefined;

  constructor(private readonly onFrame: (frame: Frame) => void) {}

  /** A buffer that nobody reads any more: 6 MB a picture are worth using again. */
  recycle(buffer: Uint8Array): void {
    if (buffer.byteLength > 0) this.#spare = buffer;
  }

  /** Throws NotPpm. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#frame === undefined) rest = this.readHeader(rest);
      else rest = this.readPixels(rest, this.#frame);
    }
  }

  private readHeader(chunk: Buffer): Buffer {
    const had = this.#header.length;
    this.#header += chunk.toString('latin1', 0, MAX_HEADER);
    const match = /^P6\s(\d+)\s(\d+)\s255\s/.exec(this.#header);
    if (match === null) {
      if (this.#header.length >= MAX_HEADER || !'P6\n'.startsWith(this.#header.slice(0, 3))) {
        throw new NotPpm('ffmpeg sent something else than pictures');
      }
      return chunk.subarray(chunk.length);
    }
    const [width, height] = [Number(match[1]), Number(match[2])];
    if (width === 0 || height === 0 || width > MAX_SIDE || height > MAX_SIDE)
      throw new NotPpm('a picture of impossible size');
    this.#header = '';
    this.#filled = 0;
    this.#frame = { width, height, rgb: this.bufferOf(width * height * 3) };
    return chunk.subarray(match[0].length - had);
  }

  private readPixels(chunk: Buffer, frame: Frame): Buffer {
    const part = chunk.subarray(0, frame.rgb.length - this.#filled);
    frame.rgb.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled === frame.rgb.length) {
      this.#frame = undefined;
      this.onFrame(frame);
    }
    return chunk.subarray(part.length);
  }

  private bufferOf(size: number): Uint8Array {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare?.length === size ? spare : new Uint8Array(size);
  }
}
