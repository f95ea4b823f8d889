import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { exchangeOf, rawOf } from '../http/exchange';
import type { Logger } from '../logging/logger';
import { currentTrace } from '../tracing/trace-context';
import { renderProblem, type ProblemExtras } from './problem';
import { toProblem } from './to-problem';

interface FastifyReplyLike {
  readonly sent: boolean;
  code(status: number): this;
  header(name: string, value: string): this;
  removeHeader(name: string): this;
  send(body: string): unknown;
}

function isReply(response: unknown): response is FastifyReplyLike {
  return typeof (response as { code?: unknown }).code === 'function';
}

/** Every error of a request ends here: the caller gets a problem, the log gets the cause (see AccessLog). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    readonly extras?: ProblemExtras,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    this.answer(error, http.getRequest(), http.getResponse());
  }

  /** `request` and `response` are Fastify's, Express's or Node's own. */
  answer(error: unknown, request: unknown, response: unknown): void {
    const { req, res } = rawOf(request, response);
    const problem = toProblem(error);
    const exchange = exchangeOf(req);
    if (problem.status >= 500) {
      if (exchange === undefined)
        this.logger.error(error instanceof Error ? error : { thrown: error }, 'request failed');
      else exchange.error = error;
    }
    if (res.headersSent || (isReply(response) && response.sent)) {
      // Half an answer is out already: only cutting it off tells the caller that it is not whole.
      if (!res.writableEnded) res.destroy();
      return;
    }
    const traceId = exchange?.trace.traceId ?? currentTrace()?.traceId ?? '';
    const url = (req as { originalUrl?: string }).originalUrl ?? req.url;
    const { body, headers } = renderProblem(problem, url, traceId, this.extras);
    if (isReply(response)) {
      response.code(problem.status);
      for (const [name, value] of Object.entries(headers)) response.header(name, value);
      // Fastify closes the connection on a body it refuses. A caller that is still sending, such as the gateway, would
      // see it reset and never the answer: the rest is read and thrown away instead, for REQUEST_TIMEOUT_MS at most.
      response.removeHeader('connection');
      if (!req.complete) req.resume();
      response.send(body);
      return;
    }
    res.writeHead(problem.status, { ...headers, 'content-length': Buffer.byteLength(body) });
    res.end(req.method === 'HEAD' ? undefined : body);
  }
}
