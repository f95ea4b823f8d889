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
import { Commander } from '../commands/commander';
import { Fleet } from '../fleet/fleet';
import { LeaseStore } from '../lease/lease-store';
import { NatsReplicaLink } from '../replicas/nats-replica-link';
import { acceptFromRemoteDriver, robotFrame } from './frame-path';
import type { Relay } from './relay';
import { Relays } from './relays';
import { RobotPeer } from './robot-peer';
import { SocketWire } from './socket-wire';
import { robotIdOf } from './upgrade-query';

interface RobotArrival {
  readonly robotId: string;
  /** The lease's epoch in the database; 0 when unknown. */
  readonly epoch: number;
  readonly announcesLease: boolean;
  /** Named no robot, as the original protocol has it. */
  readonly unnamed: boolean;
  /** Has shown its key. */
  readonly proved: boolean;
}

/** `/ws/robot/control?robotId=`: where robots connect out to, and stay. */
@Injectable()
export class RobotControlSocket implements OnModuleInit {
  constructor(
    private readonly router: WsRouter,
    private readonly relays: Relays,
    private readonly link: NatsReplicaLink,
    private readonly leases: LeaseStore,
    private readonly fleet: Fleet,
    private readonly commander: Commander,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.router.route<RobotArrival>(
      '/ws/robot/control',
      {
        authorize: (req) => this.authorize(req),
        connected: (ws, arrival, { raw }) => this.connected(ws, new SocketWire(ws, raw.socket), arrival),
      },
      { maxPayload: this.config.ROBOT_MAX_FRAME_BYTES },
    );
  }

  private async authorize(req: UpgradeRequest): Promise<RobotArrival> {
    const robotId = robotIdOf(req, this.config.DEFAULT_ROBOT_ID);
    const proved = this.hasKey(robotId, req);
    if (this.config.ROBOT_SOCKET_AUTH === 'required' && !proved) {
      throw new ProblemError(401, 'UNAUTHORIZED', 'The robot’s API key is missing or wrong');
    }
    const announcesLease = req.query.get('lease') === 'announce';
    const unnamed = !req.query.has('robotId') && req.headers['x-robot-id'] === undefined;
    return { robotId, epoch: await this.epochOf(robotId), announcesLease, unnamed, proved };
  }

  private hasKey(robotId: string, req: UpgradeRequest): boolean {
    const header = req.headers['x-api-key'];
    const key = (typeof header === 'string' ? header : undefined) ?? req.query.get('key') ?? '';
    return this.fleet.opens(robotId, key);
  }

  /** A robot is let in without the database too: its drivers, who bring the epoch, are the ones who need it. */
  private async epochOf(robotId: string): Promise<number> {
    try {
      return (await this.leases.epochs([robotId])).get(robotId) ?? 0;
    } catch (error) {
      this.log.warn({ err: error, robotId }, 'lease not read; the robot is let in with the epoch known here');
      return 0;
    }
  }

  private connected(ws: WebSocket, wire: SocketWire, arrival: RobotArrival): void {
    const { robotId, epoch, announcesLease, unnamed, proved } = arrival;
    const relay = this.relays.of(robotId);
    // A running seat has exactly this epoch, or is about to be overtaken by whoever has it.
    relay.raiseFence(epoch);
    const robot = new RobotPeer(wire, {
      generation: this.relays.nextGeneration(),
      announcesLease,
      unnamed,
      proved,
      framesPerSecond: this.config.ROBOT_MAX_FRAMES_PER_S,
      floodFramesPerSecond: this.config.ROBOT_FLOOD_FRAMES_PER_S,
      hear: () => this.hear(relay),
    });
    relay.attach(robot);
    ws.on('message', (data: Buffer, binary) => robotFrame(relay, robot, data, binary));
    ws.on('close', (code) => {
      relay.detach(robot);
      this.log.info({ robotId, code }, 'robot disconnected');
    });
    this.log.info({ robotId, announcesLease }, 'robot connected');
  }

  private hear(relay: Relay): () => void {
    const stopDrivers = this.link.hearDrivers(relay.robotId, (epoch, sentAt, data, kind) =>
      acceptFromRemoteDriver(relay, epoch, sentAt, data, kind),
    );
    const stopCommands = this.commander.hear(relay.robotId);
    return () => {
      stopDrivers();
      stopCommands();
    };
  }
}
