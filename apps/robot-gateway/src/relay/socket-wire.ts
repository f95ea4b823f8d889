import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { FrameOptions, Wire } from './wire';

const FIN = 0x80;
const TEXT = FIN | 1;
const BINARY = FIN | 2;
/** RFC 6455, 5.2: lengths below this stand in the second byte, those up to 65,535 in the two after it. */
const LONG = 126;
const VERY_LONG = 65_536;

/**
 * A WebSocket whose frames go out head and payload in one buffer, by one write to its socket. `ws` writes the two apart, which
 * costs about as much as the rest of passing a drive frame on. Everything else is the WebSocket's own business; it never has a
 * frame half written, because nothing is compressed or sent in fragments here.
 */
export class SocketWire implements Wire {
  constructor(
    private readonly ws: WebSocket,
    /** The one that the WebSocket was upgraded on. */
    private readonly socket: Duplex,
  ) {}

  get bufferedAmount(): number {
    return this.ws.bufferedAmount;
  }

  send(data: Buffer | string, options: FrameOptions): void {
    if (this.ws.readyState !== WebSocket.OPEN) return;
    const length = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
    if (length >= VERY_LONG) this.ws.send(data, options);
    else this.socket.write(wholeFrame(data, length, options.binary ? BINARY : TEXT));
  }

  close(code: number, reason: string): void {
    this.ws.close(code, reason);
  }

  pause(): void {
    this.ws.pause();
  }

  terminate(): void {
    this.ws.terminate();
  }
}

/** One unmasked frame, as servers send it; `length` in bytes, below 65,536. */
export function wholeFrame(data: Buffer | string, length: number, first: number): Buffer {
  const head = length < LONG ? 2 : 4;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = first;
  if (length < LONG) frame[1] = length;
  else {
    frame[1] = LONG;
    frame.writeUInt16BE(length, 2);
  }
  if (typeof data !== 'string') frame.set(data, head);
  // As many bytes as characters: ASCII, for which this is the fastest way.
  else frame.write(data, head, length, length === data.length ? 'latin1' : 'utf8');
  return frame;
}
