import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { queueChanged, queueSnapshot, queueVersions, type QueueUpdate } from '@teleop/contracts';
import { Broadcast, RequestRefused, Requests } from '@teleop/messaging';
import { Clock, InjectConfig, Logger, Metrics } from '@teleop/service-kit';
import type { Server, Socket } from 'socket.io';
import type { GatewayConfig } from '../config';
import { addressReader } from '../edge/describe-caller';
import { RateLimits } from '../rate-limit/rate-limits';
import { ConnectRefused } from '../sockets/connect-refused';
import { backlogBytes, cutOff } from '../sockets/engine-connection';
import { SOCKET_SERVER } from '../sockets/socket-server';
import { admitWatcher, type Watcher } from './admit-watcher';
import { PullRefused } from './queue-room';
import { QueueRooms } from './queue-rooms';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** The Socket.IO namespace `/`: whoever may watch a robot's queue is in its room and sees every state it ends on. */
@Injectable()
export class QueueWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rooms: QueueRooms;
  readonly #fanOut;
  readonly #updates;
  readonly #dropped;
  readonly #connects;
  readonly #failures;
  readonly #addressOf;
  #unsubscribe: (() => void) | undefined;

  constructor(
    @Inject(SOCKET_SERVER) private readonly io: Server,
    @InjectConfig() private readonly config: GatewayConfig,
    private readonly requests: Requests,
    private readonly broadcast: Broadcast,
    private readonly limits: RateLimits,
    clock: Clock,
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    this.#addressOf = addressReader(config.TRUST_PROXY);
    this.#fanOut = metrics.histogram(
      'gateway_queue_fanout_seconds',
      'From hearing of a change to having written it to the last watcher',
      SECONDS,
    );
    this.#updates = metrics.counter('gateway_queue_updates_total', 'queue_update broadcasts to a room');
    this.#dropped = metrics.counter('gateway_slow_clients_dropped_total', 'Watchers that did not keep up');
    this.#connects = metrics.counter('gateway_watchers_total', 'Watchers admitted and refused', ['outcome']);
    this.#failures = metrics.counter('gateway_queue_pull_failures_total', 'Failed questions about queues');
    metrics.observed('gateway_queue_rooms', 'Robots with watchers', () => this.#rooms.size);
    this.#rooms = new QueueRooms(
      {
        minIntervalMs: config.QUEUE_UPDATE_MIN_INTERVAL_MS,
        maxBackoffMs: config.QUEUE_PULL_MAX_BACKOFF_MS,
        reconcileMs: config.QUEUE_RECONCILE_MS,
      },
      {
        now: () => clock.monotonic(),
        later,
        snapshot: (robotId) => this.#snapshot(robotId),
        versions: async (robotIds) => (await requests.ask(queueVersions, { robotIds })).versions,
        emit: (update, waitedMs) => this.#emit(update, waitedMs),
        failed: (robotId, error) => {
          this.#failures.inc();
          logger.debug({ robotId, err: error }, 'a queue could not be read; trying again');
        },
      },
    );
    io.use((socket, next) => void this.#admit(socket, next));
    io.on('connection', (socket) => this.#welcome(socket));
  }

  onApplicationBootstrap(): void {
    // What was announced while NATS was away is lost; it is asked for as soon as NATS is back.
    const onGap = () => this.#rooms.reconcile();
    this.#unsubscribe = this.broadcast.subscribe(queueChanged, (change) => this.#rooms.heard(change), {
      onGap,
    });
  }

  beforeApplicationShutdown(): void {
    this.#unsubscribe?.();
    this.#rooms.close();
  }

  async #admit(socket: Socket, next: (error?: Error) => void): Promise<void> {
    try {
      const { conn } = socket;
      const wait = await this.limits.take(
        'socket',
        this.#addressOf(socket.handshake.headers, conn.remoteAddress),
      );
      if (wait > 0) {
        throw new ConnectRefused('RATE_LIMITED', this.limits.refusal('socket', wait).detail);
      }
      const admission = {
        requests: this.requests,
        rooms: this.#rooms,
        timeoutMs: this.config.SOCKET_CONNECT_TIMEOUT_MS,
      };
      const watcher = await admitWatcher(socket.handshake.auth, admission, () => conn.readyState !== 'open');
      (socket.data as SocketData).watcher = watcher;
      // A client that is gone before its `connection` event never gets a `disconnect` event either.
      conn.once('close', () => watcher.seat.release());
      if (conn.readyState !== 'open') watcher.seat.release();
      next();
    } catch (error) {
      next(this.#refusal(error));
    }
  }

  /** In one turn of the loop, so no update can come in between: what follows in the room is newer than what is sent here. */
  #welcome(socket: Socket): void {
    const { watcher } = socket.data as SocketData;
    if (watcher === undefined) return;
    const { robotId, userId, seat } = watcher;
    socket.once('disconnect', () => seat.release());
    void socket.join(robotId);
    socket.emit('queue_update', seat.room.latest);
    socket.emit('connection_success', { robotId, userId, sid: socket.id });
    this.#connects.inc({ outcome: 'admitted' });
  }

  #refusal(error: unknown): ConnectRefused {
    const refused =
      error instanceof ConnectRefused
        ? error
        : new ConnectRefused('SERVICE_UNAVAILABLE', 'something went wrong on our side', undefined, error);
    this.#connects.inc({ outcome: refused.data.code });
    if (refused !== error) this.logger.error({ err: error }, 'a watcher could not be admitted');
    return refused;
  }

  async #snapshot(robotId: string): Promise<QueueUpdate> {
    try {
      return await this.requests.ask(queueSnapshot, { robotId });
    } catch (error) {
      if (error instanceof RequestRefused) throw new PullRefused(error.code as string, error.detail);
      throw error;
    }
  }

  /** Encoded once for all. Whoever does not take what was sent before is looked for once everybody has been written to. */
  #emit(update: QueueUpdate, waitedMs: number): void {
    const started = performance.now();
    this.io.to(update.robotId).emit('queue_update', update);
    this.#updates.inc();
    this.#fanOut.observe((waitedMs + performance.now() - started) / 1_000);
    setImmediate(() => this.#dropSlow(update.robotId));
  }

  #dropSlow(robotId: string): void {
    const { adapter, sockets } = this.io.of('/');
    const room = adapter.rooms.get(robotId);
    if (room === undefined) return;
    for (const id of room) {
      const conn = sockets.get(id)?.conn;
      if (conn === undefined || backlogBytes(conn) <= this.config.SOCKET_MAX_BUFFER_BYTES) continue;
      this.#dropped.inc();
      this.logger.debug({ robotId, sid: id }, 'a watcher did not keep up and is dropped');
      cutOff(conn);
    }
  }
}

interface SocketData {
  watcher?: Watcher;
}

function later(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}
