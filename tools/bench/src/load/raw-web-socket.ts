import { randomBytes } from 'node:crypto';
import net from 'node:net';

// Node reads into it and calls back before it reads again, so all sockets of this process can share one.
const shared = Buffer.allocUnsafe(256 * 1024);

const TEXT = 1;
const CLOSE = 8;
const PING = 9;

/**
 * A WebSocket client of a few lines (RFC 6455, no extensions). Thousands of full clients would take the processor away from
 * the server they are there to measure.
 */
export class RawWebSocket {
  readonly #socket: net.Socket;
  #upgraded = false;
  #rest: Buffer | undefined;
  #closing = false;

  constructor(
    url: URL,
    private readonly on: {
      open(): void;
      /** The payload is only good during the call. */
      text(payload: Buffer): void;
      lost(reason: string): void;
    },
  ) {
    this.#socket = net.connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length) => {
          this.take(shared.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.lost(error.message));
    this.#socket.on('close', () => this.lost('closed by the server'));
    this.#socket.on('connect', () => {
      this.#socket.write(
        `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
      );
    });
  }

  send(text: string): void {
    this.frame(TEXT, Buffer.from(text));
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  private take(chunk: Buffer): void {
    let data = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    if (!this.#upgraded) {
      const head = data.indexOf('\r\n\r\n');
      if (head < 0) return this.keep(data);
      const status = data.toString('latin1', 9, 12);
      if (status !== '101') return this.lost(data.toString('latin1', 0, 400));
      this.#upgraded = true;
      data = data.subarray(head + 4);
      this.on.open();
    }
    for (;;) {
      const used = this.oneFrame(data);
      if (used === 0) return this.keep(data);
      data = data.subarray(used);
    }
  }

  /** Bytes of the frame at the start of `data`, 0 when it is not all there. */
  private oneFrame(data: Buffer): number {
    if (data.length < 2) return 0;
    const short = (data[1] ?? 0) & 127;
    const header = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (data.length < header) return 0;
    const length =
      short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
    if (data.length < header + length) return 0;
    const payload = data.subarray(header, header + length);
    const opcode = (data[0] ?? 0) & 15;
    if (opcode === TEXT) this.on.text(payload);
    else if (opcode === PING) this.frame(10, payload);
    else if (opcode === CLOSE) this.lost(`close frame ${payload.length >= 2 ? payload.readUInt16BE(0) : ''}`);
    return header + length;
  }

  private keep(data: Buffer): void {
    if (data.length > 0) this.#rest = Buffer.from(data);
  }

  /** Masked with zeros, which is a mask like any other. Small payloads only. */
  private frame(opcode: number, payload: Buffer): void {
    const long = payload.length > 125;
    const header = Buffer.alloc(long ? 8 : 6);
    header[0] = 0x80 | opcode;
    header[1] = 0x80 | (long ? 126 : payload.length);
    if (long) header.writeUInt16BE(payload.length, 2);
    this.#socket.write(Buffer.concat([header, payload]));
  }

  private lost(reason: string): void {
    if (this.#closing) return;
    this.close();
    this.on.lost(reason);
  }
}
