import { randomUUID } from 'node:crypto';
import type { Frame } from '../frames/frame';

const MARK = /frame:([0-9a-f-]{36}):(\d+)/g;

const prefixOf = ({ kind }: Frame): string => `data:${kind};base64,`;

/**
 * Lets the SDK write its requests with marks in the place of pictures, and puts the data URLs in as bytes when they are
 * sent: those that were received, copied. Base64 of several megabytes as a string would be escaped by JSON.stringify and
 * encoded again by fetch, and the event loop held up for each, and for collecting them.
 */
export class FrameUploads {
  readonly #frames = new Map<string, readonly Frame[]>();

  /** What stands for each frame until it is sent. */
  async with<T>(frames: readonly Frame[], work: (marks: readonly string[]) => Promise<T>): Promise<T> {
    const id = randomUUID();
    this.#frames.set(id, frames);
    try {
      return await work(frames.map((_, index) => `frame:${id}:${index}`));
    } finally {
      this.#frames.delete(id);
    }
  }

  /** For the SDK, in the place of the global one. */
  readonly fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    return fetch(url, typeof init.body === 'string' ? { ...init, body: this.filledIn(init.body) } : init);
  };

  private filledIn(body: string): Uint8Array {
    const parts: (string | Frame)[] = [];
    let at = 0;
    for (const found of body.matchAll(MARK)) {
      const frame = this.#frames.get(found[1]!)?.[Number(found[2])];
      if (frame === undefined) continue;
      parts.push(body.slice(at, found.index), frame);
      at = found.index + found[0].length;
    }
    parts.push(body.slice(at));
    const length = parts.reduce(
      (sum, part) =>
        sum +
        (typeof part === 'string' ? Buffer.byteLength(part) : prefixOf(part).length + part.base64.length),
      0,
    );
    const filled = Buffer.allocUnsafeSlow(length);
    let written = 0;
    for (const part of parts) {
      if (typeof part === 'string') written += filled.write(part, written, 'utf8');
      else {
        written += filled.write(prefixOf(part), written, 'latin1');
        written += part.base64.copy(filled, written);
      }
    }
    return filled;
  }
}
