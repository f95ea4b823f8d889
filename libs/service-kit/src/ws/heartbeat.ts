import type { WebSocket } from 'ws';

/** Parts of an interval, each with its share of the sockets. */
const PARTS = 1_000;
const MIN_PART_MS = 10;

interface Watched {
  readonly ws: WebSocket;
  /** When the ping went out that is not answered yet; monotonic milliseconds. */
  pingedAt: number | undefined;
}

/**
 * Pings every open socket once an interval; one that did not answer the last ping is half-open and is cut off. Each is given a
 * part of the interval by chance: thousands at once would hold up the event loop for tens of milliseconds, and those that
 * come back together after an outage would stay together.
 */
export class Heartbeat {
  readonly #sockets = new Set<WebSocket>();
  readonly #parts: readonly Set<Watched>[];
  readonly #partMs: number;
  #timer: NodeJS.Timeout | undefined;
  /** Parts since the start whose turn has come. */
  #turn = 0;
  #startedAt = 0;

  constructor(
    intervalMs: number,
    private readonly onLost: () => void,
    private readonly onAnswer: (route: string, seconds: number) => void,
  ) {
    const parts = Math.max(1, Math.floor(intervalMs / Math.max(MIN_PART_MS, intervalMs / PARTS)));
    this.#partMs = intervalMs / parts;
    this.#parts = Array.from({ length: parts }, () => new Set<Watched>());
  }

  get sockets(): ReadonlySet<WebSocket> {
    return this.#sockets;
  }

  watch(ws: WebSocket, route: string): void {
    const watched: Watched = { ws, pingedAt: undefined };
    const part = this.#parts[Math.floor(Math.random() * this.#parts.length)]!;
    part.add(watched);
    this.#sockets.add(ws);
    ws.on('pong', () => {
      const { pingedAt } = watched;
      if (pingedAt === undefined) return;
      watched.pingedAt = undefined;
      this.onAnswer(route, (performance.now() - pingedAt) / 1_000);
    });
    ws.once('close', () => {
      part.delete(watched);
      this.#sockets.delete(ws);
    });
    if (this.#timer !== undefined) return;
    this.#startedAt = performance.now() - this.#turn * this.#partMs;
    this.#timer = setInterval(() => this.#catchUp(), this.#partMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** By the clock and not by the timer's calls, which are late whenever the event loop is. */
  #catchUp(): void {
    const now = performance.now();
    const due = Math.floor((now - this.#startedAt) / this.#partMs);
    // A whole interval in which nothing was read: whoever answered was not heard either.
    if (due - this.#turn >= this.#parts.length) this.#turn = due;
    for (; this.#turn < due; this.#turn += 1) {
      for (const watched of this.#parts[this.#turn % this.#parts.length]!) this.#ping(watched, now);
    }
  }

  #ping(watched: Watched, now: number): void {
    const { ws } = watched;
    if (watched.pingedAt !== undefined) {
      this.onLost();
      ws.terminate();
      return;
    }
    watched.pingedAt = now;
    if (ws.readyState === ws.OPEN) ws.ping();
  }
}
