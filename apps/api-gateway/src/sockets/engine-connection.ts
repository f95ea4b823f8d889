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

/** Bytes that were handed over and have not left the process. */
export function unsentBytes(conn: EngineConnection): number {
  const { writeBuffer } = conn as unknown as { writeBuffer: readonly Packet[] };
  let bytes = webSocketOf(conn)?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) bytes += data?.length ?? 0;
  return bytes;
}

/**
 * The same, but 0 while nothing waits behind what is being written: one large message on its way is no sign of a slow client,
 * another one behind it is.
 */
export function backlogBytes(conn: EngineConnection): number {
  const { writeBuffer } = conn as unknown as { writeBuffer: readonly Packet[] };
  return writeBuffer.length === 0 ? 0 : unsentBytes(conn);
}

/** At once: a client that does not read would not read a farewell either. */
export function cutOff(conn: EngineConnection): void {
  const ws = webSocketOf(conn);
  if (ws === undefined) conn.close(true);
  else ws.terminate();
}
