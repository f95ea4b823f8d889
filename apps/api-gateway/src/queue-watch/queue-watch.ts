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
import { Admission } from '../sockets/admission';
import { PullRefused } from '../sockets/paced-pull';
import { SlowClients } from '../sockets/slow-clients';
import { SOCKET_SERVER } from '../sockets/socket-server';
import { timingOf } from '../sockets/timing';
import { whileConnected } from '../sockets/while-connected';
import { admitWatcher, type Watcher } from './admit-watcher';
import { QueueRooms } from './queue-rooms';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** The Socket.IO namespace `/`: whoever may watch a robot's queue is in its room and sees every state it ends on. */
@Injectable()
export class QueueWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rooms: QueueRooms;
  readonly #fanOut;
  readonly #updates;
  #unsubscribe: (() => void) | undefined;

  constructor(
    @Inject(SOCKET_SERVER) private readonly io: Server,
    @InjectConfig() private readonly config: GatewayConfig,
    private readonly requests: Requests,
    private readonly broadcast: Broadcast,
    admission: Admission,
    private readonly slow: SlowClients,
    clock: Clock,
    metrics: Metrics,
    logger: Logger,
  ) {
    this.#fanOut = metrics.histogram(
      'gateway_queue_fanout_seconds',
      'From hearing of a change to having written it to the last watcher',
      SECONDS,
    );
    this.#updates = metrics.counter('gateway_queue_updates_total', 'queue_update broadcasts to a room');
    const failures = metrics.counter('gateway_queue_pull_failures_total', 'Failed questions about queues');
    metrics.observed('gateway_queue_rooms', 'Robots with watchers', () => this.#rooms.size);
    this.#rooms = new QueueRooms(
      {
        minIntervalMs: config.QUEUE_UPDATE_MIN_INTERVAL_MS,
        maxBackoffMs: config.QUEUE_PULL_MAX_BACKOFF_MS,
        reconcileMs: config.QUEUE_RECONCILE_MS,
      },
      {
        ...timingOf(clock),
        snapshot: (robotId) => this.#snapshot(robotId),
        versions: async (robotIds) => (await requests.ask(queueVersions, { robotIds })).versions,
        emit: (update, waitedMs) => this.#emit(update, waitedMs),
        failed: (robotId, error) => {
          failures.inc();
          logger.debug({ robotId, err: error }, 'a queue could not be read; trying again');
        },
      },
    );
    admission.guard(io.of('/'), (socket) => this.#admit(socket));
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

  async #admit(socket: Socket): Promise<void> {
    const watcher = await admitWatcher(
      socket.handshake.auth,
      { requests: this.requests, rooms: this.#rooms, timeoutMs: this.config.SOCKET_CONNECT_TIMEOUT_MS },
      () => socket.conn.readyState !== 'open',
    );
    (socket.data as SocketData).watcher = watcher;
    whileConnected(socket, () => watcher.seat.release());
  }

  /** In one turn of the loop, so no update can come in between: what follows in the room is newer than what is sent here. */
  #welcome(socket: Socket): void {
    const { watcher } = socket.data as SocketData;
    if (watcher === undefined) return;
    const { robotId, userId, seat } = watcher;
    void socket.join(robotId);
    socket.emit('queue_update', seat.room.latest);
    socket.emit('connection_success', { robotId, userId, sid: socket.id });
  }

  async #snapshot(robotId: string): Promise<QueueUpdate> {
    try {
      return await this.requests.ask(queueSnapshot, { robotId });
    } catch (error) {
      if (error instanceof RequestRefused) throw new PullRefused(error.code as string, error.detail);
      throw error;
    }
  }

  /** Encoded once for all. */
  #emit(update: QueueUpdate, waitedMs: number): void {
    const started = performance.now();
    this.io.to(update.robotId).emit('queue_update', update);
    this.#updates.inc();
    this.#fanOut.observe((waitedMs + performance.now() - started) / 1_000);
    this.slow.wroteTo(this.io.of('/'), [update.robotId]);
  }
}

interface SocketData {
  watcher?: Watcher;
}
