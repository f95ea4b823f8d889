import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { JwtVerifier } from '@teleop/auth';
import {
  robotNotificationFeed,
  robotStatusFeed,
  type RobotNotification,
  type RobotStatusFeed,
} from '@teleop/contracts';
import { Broadcast, Requests } from '@teleop/messaging';
import { Clock, InjectConfig, Logger, Metrics } from '@teleop/service-kit';
import type { Namespace, Server, Socket } from 'socket.io';
import type { GatewayConfig } from '../config';
import { Admission } from '../sockets/admission';
import { endWithToken } from '../sockets/end-with-token';
import { sendFramesInOneWrite } from '../sockets/one-write-frames';
import { ALL_ROBOTS, type Scope } from '../sockets/robot-scope';
import { RobotSubscriptions } from '../sockets/robot-subscriptions';
import { SlowClients } from '../sockets/slow-clients';
import { SOCKET_SERVER } from '../sockets/socket-server';
import { timingOf } from '../sockets/timing';
import { whileConnected } from '../sockets/while-connected';
import { admitRobotWatcher, watchFresh, type RobotWatcher } from './admit-robot-watcher';
import { readStatuses } from './read-statuses';
import { RobotBoard } from './robot-board';
import { sendStates } from './send-states';

/** Of what a client may have unsent before it is dropped, the part that first states may fill. */
const FIRST_STATES_SHARE = 0.25;

/** Never a socket's own room: those are named by ids without a colon. */
const roomOf = (scope: Scope) => `robots:${scope}`;
const EVERYBODY = roomOf(ALL_ROBOTS);

/** The Socket.IO namespace `/robots`: status and notifications of one robot or of all, to anybody who is signed in. */
@Injectable()
export class RobotWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #namespace: Namespace;
  readonly #board: RobotBoard;
  readonly #updates;
  #unsubscribe: (() => void) | undefined;

  constructor(
    @Inject(SOCKET_SERVER) io: Server,
    @InjectConfig() private readonly config: GatewayConfig,
    private readonly requests: Requests,
    private readonly broadcast: Broadcast,
    private readonly verifier: JwtVerifier,
    private readonly admission: Admission,
    private readonly slow: SlowClients,
    private readonly clock: Clock,
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    this.#updates = metrics.counter('gateway_robot_updates_total', 'status_update broadcasts');
    const stale = metrics.counter('gateway_robot_updates_stale_total', 'Robot states heard late or twice');
    const failures = metrics.counter('gateway_robot_pull_failures_total', 'Failed questions about robots');
    metrics.observed('gateway_robots_watched', 'Robots whose state is followed', () => this.#board.size);
    this.#board = new RobotBoard(
      {
        minIntervalMs: config.ROBOT_PULL_MIN_INTERVAL_MS,
        maxBackoffMs: config.ROBOT_PULL_MAX_BACKOFF_MS,
        reconcileMs: config.ROBOT_RECONCILE_MS,
      },
      {
        ...timingOf(clock),
        statuses: (robotIds) => readStatuses(requests, robotIds),
        listen: () => this.#listen(),
        emit: (state) => this.#emit(state),
        stale: () => stale.inc(),
        failed: (error) => {
          failures.inc();
          logger.debug({ err: error }, 'robots could not be read; trying again');
        },
      },
    );
    this.#namespace = io.of('/robots');
    sendFramesInOneWrite(this.#namespace);
    admission.guard(this.#namespace, (socket) => this.#admit(socket));
    this.#namespace.on('connection', (socket) => this.#welcome(socket));
  }

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.broadcast.subscribe(robotNotificationFeed, (note) => this.#notify(note));
  }

  beforeApplicationShutdown(): void {
    this.#unsubscribe?.();
    this.#board.close();
  }

  /** Only while anybody watches: a thousand robots tell a thousand states a second. */
  #listen(): () => void {
    // What was told while NATS was away is lost; it is asked for as soon as NATS is back.
    const onGap = () => this.#board.reconcile();
    return this.broadcast.subscribe(robotStatusFeed, (state) => this.#board.heard(state), { onGap });
  }

  async #admit(socket: Socket): Promise<void> {
    const watcher = await admitRobotWatcher(socket.handshake.auth, {
      verifier: this.verifier,
      board: this.#board,
      timeoutMs: this.config.SOCKET_CONNECT_TIMEOUT_MS,
    });
    (socket.data as SocketData).watcher = watcher;
    whileConnected(socket, () => watcher.watch.release());
  }

  #welcome(socket: Socket): void {
    const { watcher } = socket.data as SocketData;
    if (watcher === undefined) return;
    endWithToken(socket, watcher.expiresAt, this.clock);
    const subscriptions = new RobotSubscriptions(socket, {
      watch: (scope) => this.#watchFor(socket, scope),
      refusal: (error) => this.admission.refusal(error),
      joined: (scope) => this.#joined(socket, scope),
      left: (scope) => void socket.leave(roomOf(scope)),
    });
    if (socket.connected) subscriptions.hold(watcher.scope, watcher.watch);
  }

  async #watchFor(socket: Socket, scope: Scope) {
    await this.admission.take('request', socket);
    return watchFresh(this.#board, scope, this.config.SOCKET_CONNECT_TIMEOUT_MS);
  }

  /** Into the room first: what changes while the first states go out is not missed, and those are never older. */
  #joined(socket: Socket, scope: Scope): void {
    void socket.join(roomOf(scope));
    const maxUnsent = this.config.SOCKET_MAX_BUFFER_BYTES * FIRST_STATES_SHARE;
    sendStates(socket, this.#board, this.#board.robotsOf(scope), maxUnsent).catch((error: unknown) => {
      this.logger.error({ err: error }, 'first states could not be sent');
      socket.disconnect(true);
    });
  }

  #emit({ robotId, status }: RobotStatusFeed): void {
    this.#toWatchers(robotId, 'status_update', status);
    this.#updates.inc();
  }

  #notify(notification: RobotNotification): void {
    this.#toWatchers(notification.robotId, 'robot_notification', notification);
  }

  /** Encoded once for all; to somebody in both rooms once. */
  #toWatchers(robotId: string, event: string, body: object): void {
    const rooms = [EVERYBODY, roomOf(robotId)].filter((room) => this.#namespace.adapter.rooms.has(room));
    if (rooms.length === 0) return;
    this.#namespace.to(rooms).emit(event, body);
    this.slow.wroteTo(this.#namespace, rooms);
  }
}

interface SocketData {
  watcher?: RobotWatcher;
}
