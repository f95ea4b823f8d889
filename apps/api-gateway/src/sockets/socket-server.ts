import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { Metrics, Shutdown } from '@teleop/service-kit';
import type { GatewayConfig } from '../config';
import type { Cors } from '../edge/cors';
import { addressReader } from '../edge/describe-caller';
import type { RateLimits } from '../rate-limit/rate-limits';
import { closeAll } from './close-all';
import { sendFramesInOneWrite } from './one-write-frames';

export const SOCKET_SERVER = Symbol('SOCKET_SERVER');

export interface SocketServerParts {
  readonly cors: Cors;
  readonly limits: RateLimits;
  readonly shutdown: Shutdown;
  readonly metrics: Metrics;
}

const NAMESPACE_GRACE_MS = 5_000;

/** Socket.IO ends here. Not attached to a server yet: the app is composed before it has one. */
export function createSocketServer(config: GatewayConfig, parts: SocketServerParts): Server {
  const refusalOf = handshakeCheck(config.TRUST_PROXY, parts);
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
    // Whoever has not joined a namespace by then only holds a connection open.
    connectTimeout: config.SOCKET_CONNECT_TIMEOUT_MS + NAMESPACE_GRACE_MS,
    allowRequest: (req, decide) => {
      void refusalOf(req).then((reason) => decide(reason, reason === null));
    },
  });
  sendFramesInOneWrite(io.of('/'));
  parts.metrics.observed(
    'gateway_socketio_connections',
    'Open Socket.IO connections',
    () => io.engine?.clientsCount ?? 0,
  );
  return io;
}

/** Why a handshake is refused, or null. */
function handshakeCheck(
  trustSetting: string,
  { cors, limits, shutdown }: SocketServerParts,
): (req: IncomingMessage) => Promise<string | null> {
  const addressOf = addressReader(trustSetting);
  return async (req) => {
    const { origin, host, upgrade } = req.headers;
    // Browsers apply CORS to polling only; a WebSocket of any page would get through.
    if (origin !== undefined && !cors.allows(origin, host)) return 'this origin is not allowed';
    if (shutdown.started) return 'the gateway is restarting';
    // Polling has passed the front door's limit already.
    if (upgrade === undefined) return null;
    const wait = await limits.take('request', addressOf(req.headers, req.socket.remoteAddress));
    return wait === 0 ? null : limits.refusal('request', wait).detail;
  };
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
