import type { Server } from 'node:http';

const IDLE_CHECK_MS = 25;
/** What closing the database, NATS and Redis may take. */
const REST_MS = 4_000;
const LEAST_SHARE = 0.6;

/**
 * Milliseconds of the shutdown time that requests and sockets get: all but what is needed after them. Work that takes nearly
 * as long as a service has to stop (an evaluation of pictures) is let finish.
 */
export const drainTime = (shutdownMs: number): number =>
  Math.max(shutdownMs * LEAST_SHARE, shutdownMs - REST_MS);

/**
 * Stops accepting and waits for requests in flight; connections that are idle, or become so, are closed. What is still
 * open after `limitMs` is cut off.
 */
export async function drainServer(server: Server, limitMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const limit = setTimeout(() => server.closeAllConnections(), limitMs);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
}
