import type { Json } from './merge-openapi';

/**
 * What clients and robots exchange over Socket.IO and raw WebSockets. NATS messages come from libs/contracts by themselves;
 * these have no declaration there but their payload classes.
 */
export interface SocketMessage {
  readonly name: string;
  readonly summary: string;
  readonly payload: Json;
}

export interface SocketChannel {
  readonly id: string;
  readonly address: string;
  readonly server: 'gateway-socketio' | 'gateway-websocket';
  readonly description: string;
  readonly query?: Record<string, Json>;
  /** From us to the client, and from the client to us. */
  readonly toClient: readonly SocketMessage[];
  readonly fromClient: readonly SocketMessage[];
}
