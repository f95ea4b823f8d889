import { randomUUID } from 'node:crypto';
import type { Frame } from '../frames/frame';

const MARK = /frame:([0-9a-f-]{36}):(\d+)/g;

/** Of a request that are copied at once; what the event loop may be held up by. */
const PIECE_BYTES = 256 * 1024;

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
    if (typeof init.body !== 'string') return fetch(url, init);
    const parts = this.filledIn(init.body);
    const headers = new Headers(init.headers);
    // Not every compatible API takes a body whose length it is not told.
    headers.set('content-length', String(parts.reduce((sum, part) => sum + part.length, 0)));
    return fetch(url, { ...init, headers, body: inPieces(parts), duplex: 'half' });
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

/** Copied as the socket takes them, as a stream gives away what it is given. */
function inPieces(parts: readonly Buffer[]): ReadableStream {
  const waiting = [...parts];
  let left = parts.reduce((sum, part) => sum + part.length, 0);
  return new ReadableStream({
    type: 'bytes',
    pull: (controller) => {
      const piece = new Uint8Array(Math.min(PIECE_BYTES, left));
      for (let filled = 0; filled < piece.length;) {
        const part = waiting[0]!;
        const taken = part.subarray(0, piece.length - filled);
        piece.set(taken, filled);
        filled += taken.length;
        if (taken.length === part.length) waiting.shift();
        else waiting[0] = part.subarray(taken.length);
      }
      left -= piece.length;
      controller.enqueue(piece);
      if (left === 0) controller.close();
    },
  });
}
