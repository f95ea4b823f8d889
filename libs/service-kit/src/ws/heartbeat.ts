import type { WebSocket } from 'ws';

/** Pings every open socket; one that did not answer since the last round is half-open and is cut off. */
export class Heartbeat {
  readonly #awaiting = new WeakSet<WebSocket>();
  readonly #sockets = new Set<WebSocket>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly onLost: () => void,
  ) {}

  get sockets(): ReadonlySet<WebSocket> {
    return this.#sockets;
  }

  watch(ws: WebSocket): void {
    this.#sockets.add(ws);
    ws.on('pong', () => this.#awaiting.delete(ws));
    ws.once('close', () => this.#sockets.delete(ws));
    this.#timer ??= setInterval(() => this.#round(), this.intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #round(): void {
    for (const ws of this.#sockets) {
      if (this.#awaiting.has(ws)) {
        this.onLost();
        ws.terminate();
        continue;
      }
      this.#awaiting.add(ws);
      if (ws.readyState === ws.OPEN) ws.ping();
    }
  }
}
