import type { Server } from 'socket.io';
import { cutOff, webSocketOf } from './engine-connection';

const SERVICE_RESTART = 1012;
const CHECK_MS = 20;

/** Sends every client away with 1012, which makes it come back by itself; cuts off those that do not go in time. */
export async function closeAll(io: Server, graceMs: number): Promise<void> {
  const connections = () =>
    Object.values((io.engine as unknown as { clients: Record<string, Connection> }).clients);
  for (const conn of connections()) {
    const ws = webSocketOf(conn);
    if (ws === undefined) conn.close();
    else ws.close(SERVICE_RESTART, 'the gateway is restarting');
  }
  const deadline = performance.now() + graceMs;
  while (connections().length > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
  }
  for (const conn of connections()) cutOff(conn);
}

type Connection = Parameters<typeof webSocketOf>[0];
