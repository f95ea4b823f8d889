import type { Server } from 'node:http';

const IDLE_CHECK_MS = 25;

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
