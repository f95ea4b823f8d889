import type { WebSocket } from 'ws';

/** Pings every open socket; one that did not answer since the last round is half-open and is cut off. */
export class Heartbeat {
  /** When the ping went out that is not answered yet. */
  readonly #pingedAt = new WeakMap<WebSocket, number>();
  readonly #sockets = new Set<WebSocket>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly onLost: () => void,
    private readonly onAnswer: (route: string, seconds: number) => void,
  ) {}

  get sockets(): ReadonlySet<WebSocket> {
    return this.#sockets;
  }

  watch(ws: WebSocket, route: string): void {
    this.#sockets.add(ws);
    ws.on('pong', () => {
      const pingedAt = this.#pingedAt.get(ws);
      if (pingedAt === undefined) return;
      this.#pingedAt.delete(ws);
      this.onAnswer(route, (performance.now() - pingedAt) / 1_000);
    });
    ws.once('close', () => this.#sockets.delete(ws));
    this.#timer ??= setInterval(() => this.#round(), this.intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #round(): void {
    for (const ws of this.#sockets) {
      if (this.#pingedAt.has(ws)) {
        this.onLost();
        ws.terminate();
        continue;
      }
      this.#pingedAt.set(ws, performance.now());
      if (ws.readyState === ws.OPEN) ws.ping();
    }
  }
}
