import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { ProblemError } from '../errors/problem-error';
import type { ProblemExtras } from '../errors/problem';
import { answerOnSocket } from '../errors/raw-problem';
import { toProblem } from '../errors/to-problem';
import { clientAddress, type TrustProxy } from '../http/trust-proxy';
import type { Logger } from '../logging/logger';
import type { Metrics } from '../metrics/metrics';
import { runWithTrace } from '../tracing/trace-context';
import { Heartbeat } from './heartbeat';
import { pathPattern, type PathMatch } from './path-pattern';
import { splitTarget, type UpgradeRequest } from './upgrade-request';

export interface WsHandler<Context> {
  /** Before the handshake; a ProblemError becomes the HTTP answer. Its result is handed to `connected`. */
  authorize(req: UpgradeRequest): Promise<Context> | Context;
  connected(ws: WebSocket, context: Context, req: UpgradeRequest): void;
}

export interface WsRouteOptions {
  /** Bytes of one message; larger ones close the socket with 1009. */
  readonly maxPayload?: number;
}

/** A promise: what the handshake's trace is held for. */
export type RawUpgrade = (req: UpgradeRequest, socket: Duplex, head: Buffer) => void | Promise<void>;

export interface WsRouterOptions {
  readonly pingIntervalMs: number;
  readonly authTimeoutMs: number;
  readonly trust: TrustProxy;
  readonly problemExtras?: ProblemExtras;
}

interface Route {
  readonly pattern: string;
  readonly match: PathMatch;
  readonly upgrade: RawUpgrade;
}

const DEFAULT_MAX_PAYLOAD = 256 * 1024;
const GOING_AWAY = 1001;
const ROUND_TRIP_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 2, 5, 15];

/** The one `upgrade` listener of a service. */
export class WsRouter {
  readonly #routes: Route[] = [];
  // Socket.IO listens for its own upgrades on the same server.
  readonly #foreign = new Set(['/socket.io/']);
  // Every upgraded socket, whoever owns it: the HTTP server does not close while one of them is open.
  readonly #sockets = new Set<Duplex>();
  readonly #heartbeat: Heartbeat;
  readonly #address: ReturnType<typeof clientAddress>;
  readonly #open;
  readonly #refused;
  #stopping = false;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
    private readonly options: WsRouterOptions,
  ) {
    this.#address = clientAddress(options.trust);
    this.#open = metrics.gauge('websocket_connections', 'Open WebSockets', ['route']);
    this.#refused = metrics.counter('websocket_refused_total', 'Refused WebSocket handshakes', [
      'route',
      'code',
    ]);
    const lost = metrics.counter(
      'websocket_half_open_total',
      'WebSockets cut off because they answered no ping',
    );
    const roundTrip = metrics.histogram(
      'websocket_round_trip_seconds',
      'From a ping to its answer: the way to the client and back, and how busy both ends are',
      ROUND_TRIP_SECONDS,
      ['route'],
    );
    this.#heartbeat = new Heartbeat(
      options.pingIntervalMs,
      () => lost.inc(),
      (route, seconds) => roundTrip.observe({ route }, seconds),
    );
  }

  /** Accepts WebSockets at `pattern` (`:name` segments become params). */
  route<Context>(pattern: string, handler: WsHandler<Context>, options: WsRouteOptions = {}): this {
    const wss = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: options.maxPayload ?? DEFAULT_MAX_PAYLOAD,
      clientTracking: false,
    });
    return this.raw(pattern, (req, socket, head) =>
      this.#accept(pattern, handler, wss, req, socket, head).catch((error: unknown) =>
        this.#refuse(pattern, error, req, socket),
      ),
    );
  }

  /** Hands the bare socket over, e.g. to pass it through to another service. The handler owns it from then on. */
  raw(pattern: string, upgrade: RawUpgrade): this {
    if (this.#routes.some((route) => route.pattern === pattern))
      throw new Error(`WebSocket route twice: ${pattern}`);
    this.#routes.push({ pattern, match: pathPattern(pattern), upgrade });
    return this;
  }

  /** Upgrades below `prefix` belong to another listener of the same server. */
  leaveTo(prefix: string): this {
    this.#foreign.add(prefix);
    return this;
  }

  attach(server: Server): void {
    server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
      // A peer that resets during the handshake must not end the process; 'close' follows by itself.
      socket.on('error', () => socket.destroy());
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      const header = req.headers['traceparent'];
      void runWithTrace(typeof header === 'string' ? header : undefined, () =>
        this.#upgrade(server, req, socket, head),
      );
    });
  }

  /** Closes our sockets with 1001; what is still open after `graceMs`, also of other owners, is cut off. */
  async close(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#heartbeat.stop();
    for (const ws of this.#heartbeat.sockets) ws.close(GOING_AWAY, 'server is stopping');
    const sockets = [...this.#sockets];
    const closed = Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, graceMs);
    await closed.finally(() => clearTimeout(timer));
  }

  #upgrade(server: Server, raw: IncomingMessage, socket: Duplex, head: Buffer): void | Promise<void> {
    const { path, query } = splitTarget(raw.url);
    const forwarded = raw.headers['x-forwarded-for'];
    const ip = this.#address(
      raw.socket.remoteAddress,
      Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
    );
    for (const { pattern, match, upgrade } of this.#routes) {
      const params = match(path);
      if (params === undefined) continue;
      const req = { path, params, query: new URLSearchParams(query), headers: raw.headers, ip, raw };
      if (!this.#stopping) return upgrade(req, socket, head);
      return this.#refuse(
        pattern,
        new ProblemError(503, 'SERVICE_UNAVAILABLE', 'The server is stopping'),
        req,
        socket,
      );
    }
    const elsewhere =
      server.listenerCount('upgrade') > 1 && [...this.#foreign].some((prefix) => path.startsWith(prefix));
    if (!elsewhere)
      this.#refuse(
        'unmatched',
        new ProblemError(404, 'NOT_FOUND', 'There is no WebSocket here'),
        { raw },
        socket,
      );
  }

  async #accept<Context>(
    pattern: string,
    handler: WsHandler<Context>,
    wss: WebSocketServer,
    req: UpgradeRequest,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    const context = await this.#inTime(handler.authorize(req));
    if (socket.destroyed) return;
    wss.handleUpgrade(req.raw, socket, head, (ws) => {
      this.#open.inc({ route: pattern });
      ws.once('close', () => this.#open.dec({ route: pattern }));
      // Protocol errors of the peer: ws closes the socket itself, an error without listener would end the process.
      ws.on('error', (error) => this.logger.debug({ route: pattern, err: error }, 'WebSocket error'));
      this.#heartbeat.watch(ws, pattern);
      try {
        handler.connected(ws, context, req);
      } catch (error) {
        this.logger.error({ route: pattern, err: error }, 'WebSocket handler failed');
        ws.close(1011, 'internal error');
      }
    });
  }

  async #inTime<T>(work: Promise<T> | T): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      const late = new ProblemError(503, 'SERVICE_UNAVAILABLE', 'Could not check who is calling in time');
      timer = setTimeout(() => reject(late), this.options.authTimeoutMs);
    });
    try {
      return await Promise.race([work, limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  #refuse(route: string, error: unknown, req: { raw: IncomingMessage }, socket: Duplex): void {
    const problem = toProblem(error);
    this.#refused.inc({ route, code: problem.code });
    if (problem.status >= 500) this.logger.error({ route, err: error }, 'WebSocket handshake failed');
    answerOnSocket(socket, req.raw.url, problem, this.options.problemExtras);
  }
}
