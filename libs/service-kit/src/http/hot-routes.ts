import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerProblem } from '../errors/raw-problem';
import { toProblem } from '../errors/to-problem';
import type { ProblemExtras } from '../errors/problem';
import { runNowInTrace } from '../tracing/trace-context';
import type { Exchange } from './exchange';
import { readJson } from './read-json';

/** What may throw a ProblemError, which becomes the answer. */
export interface HotRoute<Caller = unknown> {
  /** Bytes of a body; above them 413. */
  readonly maxBytes: number;
  /** JSON text, always the same. */
  readonly answer: string;
  /** Who calls, by the head of the request alone: nobody's body is read who may not call. */
  admit(req: IncomingMessage): Caller;
  /** What came; a promise only if there is something to wait for, which then is outside the request's trace. */
  take(caller: Caller, body: unknown): void | Promise<void>;
}

interface Known {
  readonly route: HotRoute;
  readonly headers: Record<string, string | number>;
}

const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/**
 * POST endpoints that robots call many thousand times a second, answered in front of the platform: its router, hooks,
 * guards and pipes cost more than all of such a request's work, and on Node 20 each promise costs three times as much as
 * a call while AsyncLocalStorage is in use. A controller with the same route stands behind for the documents, and for
 * requests that are not plain JSON, which it refuses in the usual words.
 */
export class HotRoutes {
  readonly #routes = new Map<string, Known>();

  constructor(private readonly extras: ProblemExtras | undefined) {}

  /** `path` exactly, without parameters. */
  post<Caller>(path: string, route: HotRoute<Caller>): void {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(route.answer),
    };
    this.#routes.set(path, { route, headers });
  }

  find(req: IncomingMessage): Known | undefined {
    if (this.#routes.size === 0 || req.method !== 'POST') return undefined;
    const url = req.url ?? '';
    const query = url.indexOf('?');
    const known = this.#routes.get(query < 0 ? url : url.slice(0, query));
    return known !== undefined && JSON_TYPE.test(req.headers['content-type'] ?? '') ? known : undefined;
  }

  run({ route, headers }: Known, req: IncomingMessage, res: ServerResponse, exchange: Exchange): void {
    exchange.route = req.url?.split('?', 1)[0];
    const refuse = (error: unknown) => {
      const problem = toProblem(error);
      if (problem.status >= 500) exchange.error = error;
      if (res.headersSent) res.destroy();
      else runNowInTrace(exchange.trace, () => answerProblem(req, res, problem, this.extras));
    };
    const accept = () => {
      res.writeHead(200, headers);
      res.end(route.answer);
    };
    let caller: unknown;
    try {
      caller = route.admit(req);
    } catch (error) {
      refuse(error);
      return;
    }
    readJson(req, route.maxBytes, (error, body) => {
      if (error !== undefined) {
        refuse(error);
        return;
      }
      try {
        const taken = runNowInTrace(exchange.trace, () => route.take(caller, body));
        if (taken === undefined) accept();
        else taken.then(accept, refuse);
      } catch (refused) {
        refuse(refused);
      }
    });
  }
}
