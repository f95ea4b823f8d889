import type { Server } from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

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
 * Stops accepting and waits for requests in flight; connections that are idle, or become so, are closed, but not for the
 * first `lingerMs`: on one that was just made, or just used, the next request may be under way. What is still open after
 * `limitMs` is cut off.
 */
export async function drainServer(server: Server, limitMs: number, lingerMs = 0): Promise<void> {
  if (!server.listening) return;
  // Not the HTTP server's own close, which closes idle connections at once.
  const closed = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()));
  if (lingerMs > 0) await Promise.race([closed, sleep(lingerMs)]);
  server.close();
  server.closeIdleConnections();
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const limit = setTimeout(() => server.closeAllConnections(), limitMs);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
}
