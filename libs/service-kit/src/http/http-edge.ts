import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { answerProblem } from '../errors/raw-problem';
import { toProblem } from '../errors/to-problem';
import { currentTrace, holdTraces, runInTrace, TraceContext } from '../tracing/trace-context';
import type { AccessLog } from './access-log';
import { setExchange, type Exchange } from './exchange';
import type { HotRoutes } from './hot-routes';
import type { OpsEndpoints } from './ops-endpoints';

/** Sits in front of the platform on its server: opens the trace, answers the operator's endpoints, notes how it ended. */
export class HttpEdge {
  readonly #open = new Set<ServerResponse>();
  #leaving = false;

  constructor(
    private readonly log: AccessLog,
    private readonly ops: OpsEndpoints,
    private readonly hot: HotRoutes,
  ) {}

  /**
   * From now on every answer says `Connection: close`, those to requests under way as well: the caller's next request goes over
   * another connection, to a replica that stays.
   */
  leave(): void {
    this.#leaving = true;
    for (const res of this.#open) if (!res.headersSent) res.shouldKeepAlive = false;
  }

  attach(server: Server): void {
    const listeners = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (req, res) => this.#handle(req, res, server, listeners));
  }

  #handle(
    req: IncomingMessage,
    res: ServerResponse,
    server: Server,
    listeners: readonly RequestListener[],
  ): void {
    const header = req.headers['traceparent'];
    // While OpenTelemetry runs its span is there already, and its ids are the ones to show and log.
    const trace = currentTrace() ?? new TraceContext(typeof header === 'string' ? header : undefined);
    const exchange: Exchange = { trace, startedAt: performance.now() };
    setExchange(req, exchange);
    if (this.#leaving) res.shouldKeepAlive = false;
    this.#open.add(res);
    const hot = this.hot.find(req);
    const release = hot === undefined ? holdTraces() : undefined;
    // 'close' comes after every answer, also after one that was cut off.
    res.once('close', () => {
      release?.();
      this.#open.delete(res);
      this.log.finished(req, res, exchange);
    });
    if (hot !== undefined) {
      this.hot.run(hot, req, res, exchange);
      return;
    }
    runInTrace(trace, () => {
      const endpoint = this.ops.find(req);
      if (endpoint === undefined) {
        for (const listener of listeners) void listener.call(server, req, res);
        return;
      }
      exchange.route = req.url?.split('?', 1)[0];
      this.ops.answer(endpoint, req, res).catch((error: unknown) => {
        exchange.error = error;
        answerProblem(req, res, toProblem(error));
      });
    });
  }
}
