import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { Metrics, Shutdown } from '@teleop/service-kit';
import type { GatewayConfig } from '../config';
import type { Cors } from '../edge/cors';
import { closeAll } from './close-all';

export const SOCKET_SERVER = Symbol('SOCKET_SERVER');

/** Socket.IO ends here. Not attached to a server yet: the app is composed before it has one. */
export function createSocketServer(
  config: GatewayConfig,
  cors: Cors,
  shutdown: Shutdown,
  metrics: Metrics,
): Server {
  const io = new Server({
    transports: ['websocket', 'polling'],
    // Compressing per client would undo that a broadcast is encoded once.
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: config.SOCKET_MAX_MESSAGE_BYTES,
    pingInterval: config.SOCKET_PING_INTERVAL_MS,
    pingTimeout: config.SOCKET_PING_TIMEOUT_MS,
    // Handshakes for other paths of this server are not ours to kill.
    destroyUpgrade: false,
    serveClient: true,
    allowRequest: (req, decide) => {
      const { origin, host } = req.headers;
      // Browsers apply CORS to polling only; a WebSocket of any page would get through.
      if (origin !== undefined && !cors.allows(origin, host)) decide('this origin is not allowed', false);
      else decide(shutdown.started ? 'the gateway is restarting' : null, !shutdown.started);
    },
  });
  metrics.observed(
    'gateway_socketio_connections',
    'Open Socket.IO connections',
    () => io.engine?.clientsCount ?? 0,
  );
  return io;
}

/** Before the front door is put on the server: it stands in front of Socket.IO's polling too. */
export function attachSocketServer(
  io: Server,
  server: HttpServer,
  shutdown: Shutdown,
  graceMs: number,
): void {
  io.attach(server);
  shutdown.onStop('Socket.IO', () => closeAll(io, graceMs));
}
