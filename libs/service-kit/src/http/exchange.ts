import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TraceIds } from '../tracing/trace-context';

/** What we keep about a request while it is answered, on the raw request so that every platform finds it. */
export interface Exchange {
  readonly trace: TraceIds;
  readonly startedAt: number;
  /** The route's pattern once the router knows it; labels of metrics must not grow with ids. */
  route?: string;
  /** The error behind a 5xx, logged once when the response is finished. */
  error?: unknown;
}

const EXCHANGE = Symbol('exchange');

interface Carries {
  [EXCHANGE]?: Exchange;
}

export function setExchange(req: IncomingMessage, exchange: Exchange): void {
  (req as Carries)[EXCHANGE] = exchange;
}

export function exchangeOf(req: IncomingMessage | undefined): Exchange | undefined {
  return (req as Carries | undefined)?.[EXCHANGE];
}

/** The raw pair behind what Fastify or Express hand to a filter. */
export function rawOf(req: unknown, res: unknown): { req: IncomingMessage; res: ServerResponse } {
  const request = req as IncomingMessage & { raw?: IncomingMessage };
  const response = res as ServerResponse & { raw?: ServerResponse };
  return { req: request.raw ?? request, res: response.raw ?? response };
}
