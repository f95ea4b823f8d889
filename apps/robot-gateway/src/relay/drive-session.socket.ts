import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import {
  InjectConfig,
  LOGGER,
  Logger,
  ProblemError,
  WsRouter,
  type UpgradeRequest,
} from '@teleop/service-kit';
import type { WebSocket } from 'ws';
import type { RobotsConfig } from '../config';
import { NatsReplicaLink } from '../replicas/nats-replica-link';
import { isRunning } from '../turns/turn-state';
import { DriverSeat } from './driver-seat';
import { acceptFromRemoteRobot, driverFrame } from './frame-path';
import { LetDriverIn, type Admission } from './let-driver-in';
import { RelayMetrics } from './relay-metrics';
import { Relays } from './relays';
import { robotIdOf } from './upgrade-query';
import { SocketWire } from './socket-wire';
import { closeWire, CLOSED } from './wire';

const MAX_TOKEN_LENGTH = 512;

/** `/ws/drive/session?robotId=&token=`: the driver whose turn it is. */
@Injectable()
export class DriveSessionSocket implements OnModuleInit {
  constructor(
    private readonly router: WsRouter,
    private readonly relays: Relays,
    private readonly link: NatsReplicaLink,
    private readonly admissions: LetDriverIn,
    private readonly metrics: RelayMetrics,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.router.route<Admission>(
      '/ws/drive/session',
      {
        authorize: (req) => this.authorize(req),
        connected: (ws, admission, { raw }) => this.connected(ws, new SocketWire(ws, raw.socket), admission),
      },
      { maxPayload: this.config.DRIVE_MAX_FRAME_BYTES },
    );
  }

  private authorize(req: UpgradeRequest): Promise<Admission> {
    const robotId = robotIdOf(req, this.config.DEFAULT_ROBOT_ID);
    const token = req.query.get('token');
    if (token === null || token === '' || token.length > MAX_TOKEN_LENGTH) {
      throw new ProblemError(401, 'UNAUTHORIZED', 'A control token is needed: ?token=');
    }
    return this.admissions.admit(robotId, token);
  }

  private connected(ws: WebSocket, wire: SocketWire, admission: Admission): void {
    const { ports } = this.relays;
    const { robotId, epoch, turn } = admission;
    const now = ports.now();
    const known = ports.turnOf(robotId);
    // While the handshake was under way his turn may have ended, or he may have connected once more.
    if (known?.turn !== turn.turn || !isRunning(known, now)) {
      closeWire(wire, CLOSED.sessionEnded);
      return;
    }
    const relay = this.relays.of(robotId);
    const seat = new DriverSeat(wire, epoch, turn, ports.limits, now);
    if (!relay.sit(seat)) {
      closeWire(wire, CLOSED.replaced);
      return;
    }
    seat.stopHearing = this.link.hearRobot(robotId, (frameEpoch, data, binary) =>
      acceptFromRemoteRobot(relay, frameEpoch, data, binary),
    );
    ws.on('message', (data: Buffer, binary) => driverFrame(relay, seat, data, binary));
    ws.on('close', (code) => {
      relay.leave(seat);
      this.log.info({ robotId, epoch, turn: turn.turn, code }, 'driver left');
    });
    this.metrics.letIn(robotId, turn.turn, now);
    this.log.info({ robotId, epoch, turn: turn.turn, userId: turn.userId }, 'driver let in');
  }
}
