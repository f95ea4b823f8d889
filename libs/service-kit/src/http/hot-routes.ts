import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerProblem } from '../errors/raw-problem';
import { toProblem } from '../errors/to-problem';
import type { ProblemExtras } from '../errors/problem';
import type { Exchange } from './exchange';

export type HotHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/**
 * POST endpoints that robots call many thousand times a second, answered in front of the platform: its router, hooks,
 * guards and pipes cost more than all of such a request's work. A controller with the same route stands behind for the
 * documents, and for requests that are not plain JSON, which it refuses in the usual words.
 */
export class HotRoutes {
  readonly #handlers = new Map<string, HotHandler>();

  constructor(private readonly extras: ProblemExtras | undefined) {}

  /** `path` exactly, without parameters. A ProblemError that the handler throws becomes the answer. */
  post(path: string, handler: HotHandler): void {
    this.#handlers.set(path, handler);
  }

  find(req: IncomingMessage): HotHandler | undefined {
    if (this.#handlers.size === 0 || req.method !== 'POST') return undefined;
    const url = req.url ?? '';
    const query = url.indexOf('?');
    const handler = this.#handlers.get(query < 0 ? url : url.slice(0, query));
    return handler !== undefined && JSON_TYPE.test(req.headers['content-type'] ?? '') ? handler : undefined;
  }

  run(handler: HotHandler, req: IncomingMessage, res: ServerResponse, exchange: Exchange): void {
    exchange.route = req.url?.split('?', 1)[0];
    handler(req, res).catch((error: unknown) => {
      const problem = toProblem(error);
      if (problem.status >= 500) exchange.error = error;
      if (res.headersSent) res.destroy();
      else answerProblem(req, res, problem, this.extras);
    });
  }
}
