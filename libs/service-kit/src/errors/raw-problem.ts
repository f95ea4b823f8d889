import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { currentTrace, TraceContext } from '../tracing/trace-context';
import type { ProblemError } from './problem-error';
import { renderProblem, type ProblemExtras } from './problem';

/** A request that Node could not parse has no trace yet; its problem gets an id all the same. */
function traceIdNow(): string {
  return currentTrace()?.traceId ?? new TraceContext(undefined).traceId;
}

/** Answers with a problem outside of Nest. */
export function answerProblem(
  req: IncomingMessage,
  res: ServerResponse,
  error: ProblemError,
  extras?: ProblemExtras,
): void {
  const { body, headers } = renderProblem(error, req.url, traceIdNow(), extras);
  res.writeHead(error.status, { ...headers, 'content-length': Buffer.byteLength(body) });
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** A peer that does not close after its answer is cut off after this time: nothing else watches over the socket. */
const LINGER_MS = 2_000;

/** Answers on a bare socket: an upgrade that is refused, or a request that Node could not parse. Then closes it. */
export function answerOnSocket(
  socket: Duplex,
  url: string | undefined,
  error: ProblemError,
  extras?: ProblemExtras,
): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { body, headers } = renderProblem(error, url, traceIdNow(), extras);
  const lines = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? 'Error'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value.replaceAll(/[\r\n]/g, ' ')}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  // What still comes is thrown away, so that the answer is not lost by a reset.
  socket.resume();
  const linger = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(linger));
}
