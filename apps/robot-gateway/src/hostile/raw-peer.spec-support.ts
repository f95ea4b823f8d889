import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const OPEN_MS = 10_000;
const CHUNK_BYTES = 256 * 1_024;

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A masked frame as a client sends it, well-formed or not: `length` may lie. */
export function frame(
  opcode: number,
  payload: Buffer | string,
  { fin = true, length }: { fin?: boolean; length?: number } = {},
): Buffer {
  const data = Buffer.from(payload);
  const size = length ?? data.length;
  const head =
    size < 126
      ? Buffer.from([0, 0x80 | size])
      : size < 65_536
        ? Buffer.from([0, 0x80 | 126, size >> 8, size & 255])
        : Buffer.concat([Buffer.from([0, 0x80 | 127, 0, 0, 0, 0]), uint32(size)]);
  head[0] = (fin ? 0x80 : 0) | opcode;
  // A mask of zeros is as good as any, and costs nothing.
  return Buffer.concat([head, Buffer.alloc(4), data]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** As often as it fits into one write: a flood costs its sender next to nothing. */
export function many(one: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: Math.max(1, Math.floor(CHUNK_BYTES / one.length)) }, () => one));
}

/** A WebSocket client with no manners: it reads, answers and closes only when it is told to. */
export class RawPeer {
  closed = false;
  /** All that was read, the handshake's answer included. */
  received = Buffer.alloc(0);

  private constructor(readonly socket: Socket) {
    socket.on('error', () => undefined);
    socket.on('close', () => (this.closed = true));
    socket.on('data', (part: Buffer) => {
      if (this.received.length < 65_536) this.received = Buffer.concat([this.received, part]);
    });
  }

  /** Bare TCP, nothing sent. */
  static async dial(url: string): Promise<RawPeer> {
    const { hostname, port } = new URL(url);
    const peer = new RawPeer(connect(Number(port), hostname));
    await once(peer.socket, 'connect');
    return peer;
  }

  /** Upgraded; `paused` reads nothing from there on. */
  static async open(url: string, path: string, options: { paused?: boolean } = {}): Promise<RawPeer> {
    const peer = await RawPeer.dial(url);
    peer.socket.write(
      [
        `GET ${path} HTTP/1.1`,
        `host: ${new URL(url).host}`,
        'connection: upgrade',
        'upgrade: websocket',
        'sec-websocket-version: 13',
        `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
        '\r\n',
      ].join('\r\n'),
    );
    await peer.until((text) => text.includes('\r\n\r\n'));
    if (!peer.text.startsWith('HTTP/1.1 101')) throw new Error(`refused: ${peer.text.slice(0, 300)}`);
    if (options.paused) peer.socket.pause();
    return peer;
  }

  get text(): string {
    return this.received.toString('latin1');
  }

  /** The code of the close frame that was received. */
  get closeCode(): number | undefined {
    const at = this.received.lastIndexOf(0x88);
    return at < 0 ? undefined : this.received.readUInt16BE(at + 2);
  }

  async until(condition: (text: string) => boolean, timeoutMs = OPEN_MS): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!condition(this.text)) {
      if (this.closed || performance.now() > deadline)
        throw new Error(`${this.closed ? 'closed' : 'waited in vain'}: ${this.text.slice(0, 300)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Writes the chunk again and again, as fast as it is taken, until so many bytes went out, or it is closed. */
  async pour(chunk: Buffer, bytes: number, timeoutMs = 10_000): Promise<number> {
    let sent = 0;
    const deadline = performance.now() + timeoutMs;
    while (sent < bytes && !this.closed && this.socket.writable && performance.now() < deadline) {
      sent += chunk.length;
      if (this.socket.write(chunk)) await new Promise((resolve) => setImmediate(resolve));
      else {
        const left = deadline - performance.now();
        const late = new Promise((resolve) => setTimeout(resolve, Math.max(0, left)).unref());
        await Promise.race([once(this.socket, 'drain'), once(this.socket, 'close'), late]).catch(
          () => undefined,
        );
      }
    }
    return sent;
  }

  vanish(): void {
    this.socket.destroy();
  }
}
