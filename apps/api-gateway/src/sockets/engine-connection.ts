import type { Socket } from 'socket.io';
import type { WebSocket } from 'ws';

type EngineConnection = Socket['conn'];

interface WebSocketTransport {
  readonly socket?: WebSocket;
}

/** The WebSocket under a connection; undefined while it polls. */
export function webSocketOf(conn: EngineConnection): WebSocket | undefined {
  return conn.transport?.name === 'websocket'
    ? (conn.transport as unknown as WebSocketTransport).socket
    : undefined;
}

interface Packet {
  readonly data?: string | Buffer;
}

/** Bytes that were handed over and have not left the process: in the WebSocket, and queued behind it. */
export function unsentBytes(conn: EngineConnection): number {
  let bytes = webSocketOf(conn)?.bufferedAmount ?? 0;
  // Empty for a client that keeps up, so nothing is counted for those.
  for (const packet of (conn as unknown as { writeBuffer: readonly Packet[] }).writeBuffer) {
    bytes += packet.data?.length ?? 0;
  }
  return bytes;
}

/** At once: a client that does not read would not read a farewell either. */
export function cutOff(conn: EngineConnection): void {
  const ws = webSocketOf(conn);
  if (ws === undefined) conn.close(true);
  else ws.terminate();
}
