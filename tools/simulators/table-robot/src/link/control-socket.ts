import WebSocket from 'ws';
import type { Faults } from '../faults/faults';
import { LagLine } from '../faults/lag-line';
import { Backoff } from './backoff';

export interface ControlSocketOptions {
  /** With its query. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly reconnectFirstMs: number;
  readonly reconnectMaxMs: number;
  /** Pings so often; a link that says nothing for three times as long is given up. */
  readonly pingMs: number;
  readonly random: () => number;
  readonly faults: () => Faults;
}

export interface ControlSocketPorts {
  now(): number;
  opened(): void;
  frame(text: string): void;
  lost(code: number, retryInMs: number): void;
  failed(error: Error): void;
}

/** Another socket of this robot took over. Coming back at once would start a fight over the name. */
const REPLACED = 4002;
const HANDSHAKE_MS = 5_000;
const SILENT_PINGS = 3;

/** The socket to the gateway, and the coming back when it is lost. Runs on the shared tick: no timers of its own. */
export class ControlSocket {
  readonly #backoff: Backoff;
  readonly #inbound = new LagLine<string>();
  #socket: WebSocket | undefined;
  #wanted = false;
  #nextAttemptAt = 0;
  #openedAt = 0;
  #heardAt = 0;
  #pingedAt = 0;
  #paused = false;

  constructor(
    private readonly options: ControlSocketOptions,
    private readonly ports: ControlSocketPorts,
  ) {
    this.#backoff = new Backoff(options.reconnectFirstMs, options.reconnectMaxMs, options.random);
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  open(): void {
    this.#wanted = true;
    this.#nextAttemptAt = 0;
    this.#backoff.reset();
  }

  send(text: string): void {
    if (this.connected) this.#socket?.send(text);
  }

  /** Cuts the connection without a goodbye, as a lost radio link does. */
  cut(): void {
    this.#socket?.terminate();
  }

  /** Says goodbye and stays away. Resolves when the socket is closed. */
  async close(): Promise<void> {
    this.#wanted = false;
    const socket = this.#socket;
    if (socket === undefined) return;
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.close(1001);
      setTimeout(() => socket.terminate(), 500).unref();
    });
  }

  /** Gone in a moment, and stays away: power is lost. */
  kill(): void {
    this.#wanted = false;
    this.cut();
  }

  tick(now: number): void {
    if (this.#socket === undefined) {
      if (this.#wanted && now >= this.#nextAttemptAt) this.connect();
      return;
    }
    if (!this.connected) return;
    const { deaf, reconnectEverySeconds } = this.options.faults();
    this.listen(!deaf);
    if (reconnectEverySeconds > 0 && now - this.#openedAt >= reconnectEverySeconds * 1_000) return this.cut();
    if (!this.#inbound.empty) for (const text of this.#inbound.take(now)) this.ports.frame(text);
    if (!deaf) this.watch(now);
  }

  private watch(now: number): void {
    const { pingMs } = this.options;
    if (now - this.#heardAt >= pingMs * SILENT_PINGS) return this.cut();
    if (now - this.#heardAt < pingMs || now - this.#pingedAt < pingMs) return;
    this.#pingedAt = now;
    this.#socket?.ping();
  }

  private listen(hear: boolean): void {
    if (hear !== this.#paused) return;
    this.#paused = !hear;
    if (hear) this.#socket?.resume();
    else this.#socket?.pause();
    this.#heardAt = this.ports.now();
  }

  private connect(): void {
    const socket = new WebSocket(this.options.url, {
      headers: { ...this.options.headers },
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    const heard = (): void => void (this.#heardAt = this.ports.now());
    socket.on('open', () => {
      this.#openedAt = this.ports.now();
      this.#paused = false;
      this.#backoff.reset();
      heard();
      this.ports.opened();
    });
    socket.on('pong', heard);
    socket.on('ping', heard);
    socket.on('message', (data: Buffer, isBinary) => {
      heard();
      if (!isBinary) this.received(data.toString('utf8'));
    });
    // 'close' always follows and is where the retry is; without a listener the error would end the process.
    socket.on('error', (error) => this.ports.failed(error));
    socket.on('close', (code) => this.closed(socket, code));
  }

  private received(text: string): void {
    const { drop, lag } = this.options.faults();
    const { random } = this.options;
    if (drop.frames > 0 && random() < drop.frames) return;
    if (lag.commandsMs === 0 && this.#inbound.empty) return this.ports.frame(text);
    const delay = lag.commandsMs === 0 ? 0 : lag.commandsMs + random() * lag.jitterMs;
    this.#inbound.push(text, this.ports.now(), delay);
  }

  private closed(socket: WebSocket, code: number): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#inbound.clear();
    const wait = code === REPLACED ? this.#backoff.longest() : this.#backoff.next();
    this.#nextAttemptAt = this.ports.now() + wait;
    this.ports.lost(code, wait);
  }
}
