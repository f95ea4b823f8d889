import { randomUUID } from 'node:crypto';
import type { Frame } from '../frames/frame';
import { sendParts } from './send-parts';

const MARK = /frame:([0-9a-f-]{36}):(\d+)/g;

/**
 * Lets the SDK write its requests with marks in the place of pictures, and puts the data URLs in as bytes while they are
 * sent: those that were received. Base64 of several megabytes as a string would be escaped by JSON.stringify and
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
    if (typeof init.body !== 'string' || url instanceof Request) return fetch(url, init);
    return sendParts(url, init, this.filledIn(init.body));
  };

  private filledIn(body: string): Buffer[] {
    const parts: Buffer[] = [];
    let at = 0;
    for (const found of body.matchAll(MARK)) {
      const frame = this.#frames.get(found[1]!)?.[Number(found[2])];
      if (frame === undefined) continue;
      parts.push(Buffer.from(`${body.slice(at, found.index)}data:${frame.kind};base64,`), frame.base64);
      at = found.index + found[0].length;
    }
    parts.push(Buffer.from(body.slice(at)));
    return parts;
  }
}
