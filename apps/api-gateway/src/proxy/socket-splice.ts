import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { closeFrame, FrameBoundary } from './frame-boundary';

const CLOSED_BY_US_MS = 1_000;

export interface SpliceHooks {
  /** The service took the handshake and went without a word: the caller is still there to be told. */
  silent(error: Error): void;
  ended(status: number | undefined): void;
}

/**
 * Joins a caller's connection and a service's, byte by byte: no frame is opened, so none is delayed or copied. What one side
 * does not take is not read from the other, so at most a buffer's worth waits here.
 */
export class SocketSplice {
  readonly #boundary = new FrameBoundary();
  #closing: { code: number; reason: string } | undefined;
  #closeSent = false;
  #heard = false;
  #ended = false;

  constructor(
    private readonly client: Duplex,
    private readonly service: Socket,
    private readonly hooks: SpliceHooks,
  ) {}

  start(clientHead: Buffer): void {
    const { client, service } = this;
    if (clientHead.length > 0) service.write(clientHead);
    service.on('data', (chunk: Buffer) => this.#fromService(chunk));
    client.on('data', (chunk: Buffer) => {
      if (!service.write(chunk)) client.pause();
    });
    client.on('drain', () => service.resume());
    service.on('drain', () => client.resume());
    client.once('end', () => service.end());
    service.once('end', () => (this.#heard ? client.end() : this.#end()));
    for (const side of [client, service]) {
      // Broken on one side is the end of both; 'close' follows.
      side.on('error', (error: Error) => this.#end(error));
      side.once('close', () => this.#end());
    }
    client.resume();
  }

  /** Tells the caller why (a WebSocket close frame between two others); its answer still reaches the service. */
  close(code: number, reason: string): void {
    this.#closing ??= { code, reason };
    this.#sendClose();
  }

  terminate(): void {
    this.#end();
  }

  #fromService(chunk: Buffer): void {
    this.#heard = true;
    // After our close frame nothing may follow.
    if (this.#closeSent) return;
    this.#boundary.push(chunk);
    if (!this.client.write(chunk)) this.service.pause();
    if (this.#closing !== undefined) this.#sendClose();
  }

  #sendClose(): void {
    if (this.#closeSent || this.#closing === undefined) return;
    if (this.#boundary.status !== undefined && this.#boundary.status !== 101) this.#end();
    if (!this.#boundary.atBoundary) return;
    this.#closeSent = true;
    this.client.write(closeFrame(this.#closing.code, this.#closing.reason));
    setTimeout(() => this.#end(), CLOSED_BY_US_MS).unref();
  }

  #end(error = new Error('hung up')): void {
    if (this.#ended) return;
    this.#ended = true;
    this.service.destroy();
    if (this.#heard || this.client.destroyed) this.client.destroy();
    else this.hooks.silent(error);
    this.hooks.ended(this.#boundary.status);
  }
}
