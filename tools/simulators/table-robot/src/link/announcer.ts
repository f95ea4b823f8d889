import { createSocket, type Socket } from 'node:dgram';
import type { Log } from './log';

export interface AnnounceTarget {
  /** An address or a broadcast address. */
  readonly address: string;
  readonly port: number;
}

/** Says over UDP every 10 s where robots are; one socket for all robots of a process. */
export class Announcer {
  #socket: Socket | undefined;

  constructor(
    private readonly target: AnnounceTarget,
    private readonly log: Log,
  ) {}

  send(message: object): void {
    const socket = this.#socket ?? this.open();
    socket.send(JSON.stringify(message), this.target.port, this.target.address, (error) => {
      if (error) this.log('announce failed', { error: error.message });
    });
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  private open(): Socket {
    const socket = createSocket({ type: this.target.address.includes(':') ? 'udp6' : 'udp4' });
    socket.on('error', (error) => this.log('announce failed', { error: error.message }));
    socket.bind(0, () => {
      socket.setBroadcast(true);
      socket.unref();
    });
    this.#socket = socket;
    return socket;
  }
}
