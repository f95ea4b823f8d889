import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { JwtVerifier } from '@teleop/auth';
import { RobotWatchAuth, validate } from '@teleop/contracts';
import { Broadcast, Requests } from '@teleop/messaging';
import { Clock, InjectConfig, Logger, Metrics } from '@teleop/service-kit';
import type { Namespace, Server, Socket } from 'socket.io';
import type { GatewayConfig } from '../config';
import { Admission } from '../sockets/admission';
import { ConnectRefused } from '../sockets/connect-refused';
import { endWithToken } from '../sockets/end-with-token';
import { sendFramesInOneWrite } from '../sockets/one-write-frames';
import { ALL_ROBOTS, type Scope } from '../sockets/robot-scope';
import { RobotSubscriptions } from '../sockets/robot-subscriptions';
import { SlowClients } from '../sockets/slow-clients';
import { SOCKET_SERVER } from '../sockets/socket-server';
import { tokenExpiry } from '../sockets/token-expiry';
import { whileConnected } from '../sockets/while-connected';
import { PresentTeaching } from './present-teaching';
import { TEACH_NEWS, type TeachNews } from './teach-news';

/** Never a socket's own room: those are named by ids without a colon. */
const roomOf = (scope: Scope) => `teach:${scope}`;
const ALL = roomOf(ALL_ROBOTS);
/** Everybody, whatever they watch: what is about no robot is for them all. No robot id has a space. */
const EVERYBODY = roomOf('every body');

interface Admitted {
  readonly scope: Scope;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

interface SocketData {
  admitted?: Admitted;
}

const NOTHING_HELD = { release: () => undefined };

/** The Socket.IO namespace `/teach`: sessions, samples, missions, locks and executions as they change. */
@Injectable()
export class TeachWatch implements BeforeApplicationShutdown {
  readonly #namespace: Namespace;
  readonly #news;
  readonly #present: PresentTeaching;
  #watchers = 0;
  #stopListening: (() => void) | undefined;

  constructor(
    @Inject(SOCKET_SERVER) io: Server,
    @InjectConfig() private readonly config: GatewayConfig,
    requests: Requests,
    private readonly broadcast: Broadcast,
    private readonly verifier: JwtVerifier,
    private readonly admission: Admission,
    private readonly slow: SlowClients,
    private readonly clock: Clock,
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    this.#present = new PresentTeaching(requests);
    this.#news = metrics.counter('gateway_teach_news_total', 'News of teach-service told to watchers', [
      'event',
    ]);
    this.#namespace = io.of('/teach');
    sendFramesInOneWrite(this.#namespace);
    admission.guard(this.#namespace, (socket) => this.#admit(socket));
    this.#namespace.on('connection', (socket) => this.#welcome(socket));
  }

  beforeApplicationShutdown(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  async #admit(socket: Socket): Promise<void> {
    const checked = validate(RobotWatchAuth, socket.handshake.auth);
    if (!checked.ok) {
      const [first] = checked.errors;
      throw new ConnectRefused('VALIDATION_FAILED', `auth.${first?.path}: ${first?.message}`, checked.errors);
    }
    const { token, robotId } = checked.value;
    const expiresAt = await tokenExpiry(token, this.verifier);
    (socket.data as SocketData).admitted = { scope: robotId ?? ALL_ROBOTS, expiresAt };
    this.#came();
    whileConnected(socket, () => this.#went());
  }

  #welcome(socket: Socket): void {
    const { admitted } = socket.data as SocketData;
    if (admitted === undefined) return;
    endWithToken(socket, admitted.expiresAt, this.clock);
    void socket.join(EVERYBODY);
    const subscriptions = new RobotSubscriptions(socket, {
      watch: async () => {
        await this.admission.take('request', socket);
        return NOTHING_HELD;
      },
      refusal: (error) => this.admission.refusal(error),
      joined: (scope) => this.#joined(socket, scope),
      left: (scope) => void socket.leave(roomOf(scope)),
    });
    if (socket.connected) subscriptions.hold(admitted.scope, NOTHING_HELD);
  }

  /** Into the room first: what changes while the present is asked for is not missed. */
  #joined(socket: Socket, scope: Scope): void {
    void socket.join(roomOf(scope));
    this.#tellPresent(
      scope,
      () => socket.connected,
      (event, news) => socket.emit(event, news),
    );
  }

  /** What was told while NATS was away is lost; everybody is told what goes on as soon as it is back. */
  #afterGap(): void {
    this.#tellPresent(
      ALL_ROBOTS,
      () => this.#watchers > 0,
      (event, news) => this.#tell(event, news),
    );
  }

  /** A teach-service that is away is asked until it answers, or nobody waits any more. */
  #tellPresent(scope: Scope, wanted: () => boolean, tell: (event: string, news: TeachNews) => void): void {
    const work = async () => {
      while (wanted()) {
        const present = await this.#present.read(scope === ALL_ROBOTS ? undefined : scope);
        if (present !== undefined) return present.forEach(({ event, news }) => tell(event, news));
        await sleep(this.config.TEACH_PRESENT_RETRY_MS, undefined, { ref: false });
      }
    };
    work().catch((error: unknown) => {
      this.logger.error({ err: error }, 'watchers could not be told what is being taught and run');
    });
  }

  /** Only while anybody watches: fifty robots that are taught send 2,500 samples a second. */
  #came(): void {
    this.#watchers += 1;
    if (this.#stopListening !== undefined) return;
    const stops = TEACH_NEWS.map(([name, heard], index) =>
      this.broadcast.subscribe(
        heard,
        (news: TeachNews) => {
          this.#present.heard(name, news);
          this.#tell(name, news);
        },
        // Once for all of them.
        index === 0 ? { onGap: () => this.#afterGap() } : {},
      ),
    );
    this.#stopListening = () => stops.forEach((stop) => stop());
  }

  #went(): void {
    this.#watchers -= 1;
    if (this.#watchers > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  /** Encoded once for all; to somebody in several rooms once. */
  #tell(event: string, news: TeachNews): void {
    const wanted = typeof news.robotId === 'string' ? [ALL, roomOf(news.robotId)] : [EVERYBODY];
    const rooms = wanted.filter((room) => this.#namespace.adapter.rooms.has(room));
    if (rooms.length === 0) return;
    this.#namespace.to(rooms).emit(event, news);
    this.#news.inc({ event });
    this.slow.wroteTo(this.#namespace, rooms);
  }
}
