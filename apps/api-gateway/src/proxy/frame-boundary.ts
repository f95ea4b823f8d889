const HEADER_END = Buffer.from('\r\n\r\n');
const MAX_HEADER_BYTES = 32 * 1024;
const LONGEST_FRAME_HEADER = 14;

/**
 * Follows the bytes that a service sends on an upgraded connection just closely enough to know where one WebSocket frame ends
 * and the next begins (RFC 6455, section 5.2). Payloads are skipped unread. Only at a boundary may a frame of ours go in.
 */
export class FrameBoundary {
  #status: number | undefined;
  /** The handshake answer, or the header of a frame, as far as it has come. */
  #partial: Buffer = Buffer.alloc(0);
  #payloadLeft = 0;

  /** HTTP status of the handshake's answer, once it has come. */
  get status(): number | undefined {
    return this.#status;
  }

  /** True between two frames of an accepted handshake. */
  get atBoundary(): boolean {
    return this.#status === 101 && this.#payloadLeft === 0 && this.#partial.length === 0;
  }

  push(chunk: Buffer): void {
    let rest = this.#status === undefined ? this.#handshake(chunk) : chunk;
    if (this.#status !== 101) return;
    while (rest.length > 0) {
      if (this.#payloadLeft > 0) {
        const skipped = Math.min(this.#payloadLeft, rest.length);
        this.#payloadLeft -= skipped;
        rest = rest.subarray(skipped);
      } else rest = this.#header(rest);
    }
  }

  /** Returns what follows the answer. */
  #handshake(chunk: Buffer): Buffer {
    const all = this.#partial.length === 0 ? chunk : Buffer.concat([this.#partial, chunk]);
    const end = all.indexOf(HEADER_END);
    if (end === -1) {
      // Not HTTP: it is passed on all the same, but no close frame can ever be put in.
      if (all.length > MAX_HEADER_BYTES) this.#status = 0;
      else this.#partial = all;
      return Buffer.alloc(0);
    }
    this.#partial = Buffer.alloc(0);
    this.#status = Number(/^HTTP\/1\.1 (\d{3})/.exec(all.toString('latin1', 0, 12))?.[1] ?? 0);
    return all.subarray(end + HEADER_END.length);
  }

  /** Reads one frame's header and returns what follows it. */
  #header(rest: Buffer): Buffer {
    const known = this.#partial.length;
    const head =
      known === 0
        ? rest.subarray(0, LONGEST_FRAME_HEADER)
        : Buffer.concat([this.#partial, rest.subarray(0, LONGEST_FRAME_HEADER - known)]);
    const size = headerSize(head);
    if (size === undefined || head.length < size) {
      this.#partial = Buffer.from(head);
      return rest.subarray(head.length - known);
    }
    this.#partial = Buffer.alloc(0);
    this.#payloadLeft = payloadSize(head);
    return rest.subarray(size - known);
  }
}

function headerSize(head: Buffer): number | undefined {
  const second = head[1];
  if (second === undefined) return undefined;
  const length = second & 0x7f;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + ((second & 0x80) === 0 ? 0 : 4);
}

function payloadSize(head: Buffer): number {
  const length = (head[1] as number) & 0x7f;
  if (length === 126) return head.readUInt16BE(2);
  return length === 127 ? Number(head.readBigUInt64BE(2)) : length;
}

/** A close frame as a server sends it: unmasked. */
export function closeFrame(code: number, reason: string): Buffer {
  const text = Buffer.from(reason);
  const frame = Buffer.alloc(4 + text.length);
  frame[0] = 0x88;
  frame[1] = 2 + text.length;
  frame.writeUInt16BE(code, 2);
  text.copy(frame, 4);
  return frame;
}
