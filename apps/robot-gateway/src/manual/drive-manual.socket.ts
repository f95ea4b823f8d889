import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { JwtVerifier, KeysUnavailable, type VerifiedPrincipal } from '@teleop/auth';
import {
  Clock,
  InjectConfig,
  LOGGER,
  Logger,
  ProblemError,
  WsRouter,
  type UpgradeRequest,
} from '@teleop/service-kit';
import type { WebSocket } from 'ws';
import { Commander } from '../commands/commander';
import type { RobotsConfig } from '../config';
import { Fleet } from '../fleet/fleet';
import { closeAtExpiry } from '../relay/close-at-expiry';
import { Relays } from '../relay/relays';
import { robotIdOf } from '../relay/upgrade-query';
import { CLOSED, cutOff } from '../relay/wire';
import { AdminOrders } from './admin-orders';
import { parseManualCommand, type ManualCommand } from './domain/manual-command';
import type { ManualDriver } from './manual-driver';
import { OrderLine } from './order-line';
import { ManualDrivers } from './manual-drivers';

interface Arrival {
  readonly robotId: string;
  readonly user: VerifiedPrincipal;
}

type SetMode = Extract<ManualCommand, { command: 'SET_MODE' }>;
type Order = Extract<ManualCommand, { command: 'NAVIGATE' | 'CANCEL' }>;

/** Orders of one socket that may wait for the one being carried out; people give one at a time. */
const MAX_ORDERS = 16;

/**
 * `/ws/drive/manual?token=&robotId=`: drives by hand. Whatever is not allowed is ignored without a word, as the original
 * does, and counted. Nothing is ever sent back.
 */
@Injectable()
export class DriveManualSocket implements OnModuleInit {
  constructor(
    private readonly router: WsRouter,
    private readonly verifier: JwtVerifier,
    private readonly fleet: Fleet,
    private readonly relays: Relays,
    private readonly drivers: ManualDrivers,
    private readonly orders: AdminOrders,
    private readonly commander: Commander,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.router.route<Arrival>(
      '/ws/drive/manual',
      { authorize: (req) => this.authorize(req), connected: (ws, arrival) => this.connected(ws, arrival) },
      { maxPayload: this.config.DRIVE_MAX_FRAME_BYTES },
    );
  }

  private async authorize(req: UpgradeRequest): Promise<Arrival> {
    const user = await this.userOf(req.query.get('token') ?? '');
    const { robotId } = this.fleet.wanted(robotIdOf(req, this.config.DEFAULT_ROBOT_ID));
    return { robotId, user };
  }

  private async userOf(token: string): Promise<VerifiedPrincipal> {
    try {
      return await this.verifier.verify(token);
    } catch (error) {
      if (error instanceof KeysUnavailable) throw error;
      // The original answers without a body.
      throw new ProblemError(401, 'UNAUTHORIZED', 'The token is missing or not valid', {
        bodiless: true,
        cause: error,
      });
    }
  }

  private connected(ws: WebSocket, { robotId, user }: Arrival): void {
    const { driver, gate, leave } = this.drivers.join(robotId, user, ws);
    const { counters, now } = this.relays.ports;
    const orders = new OrderLine(MAX_ORDERS);
    let drove = false;
    ws.on('message', (data: Buffer, binary) => {
      const passage = gate.take(now());
      if (passage !== 'pass') {
        counters.dropped.flood += 1;
        if (passage === 'close') cutOff(ws, CLOSED.flood);
        return;
      }
      const command = binary ? undefined : parseManualCommand(data.toString('utf8'));
      if (command?.command === 'DRIVE_COMMAND') {
        drove = true;
        driver.drive(command.linear, command.angular);
      } else if (command === undefined) counters.dropped.not_allowed += 1;
      else if (command.command === 'SET_MODE') this.setMode(robotId, driver, command);
      else if (!orders.add(() => this.order(robotId, driver, command))) counters.dropped.flood += 1;
    });
    closeAtExpiry(ws, user, this.clock.now());
    ws.on('close', (code) => {
      leave(drove);
      this.log.info({ robotId, userId: user.userId, code }, 'manual driver left');
    });
    this.log.info({ robotId, userId: user.userId, role: user.role }, 'manual driver connected');
  }

  /** Never throws. */
  private async order(robotId: string, driver: ManualDriver, command: Order): Promise<void> {
    if (driver.driver.role !== 'Admin') {
      this.relays.ports.counters.dropped.not_allowed += 1;
      return;
    }
    try {
      await this.carryOut(robotId, driver, command);
    } catch (error) {
      this.log.error({ err: error, robotId, command: command.command }, 'an order could not be carried out');
    }
  }

  private carryOut(robotId: string, { driver }: ManualDriver, command: Order): Promise<void> {
    if (command.command === 'CANCEL') return this.orders.cancel(robotId, driver);
    const { start, destination } = command;
    return this.orders.navigate(robotId, driver, { start, destination });
  }

  /** On its way before this returns, wherever it can be: the drive frames that follow must not overtake it. */
  private setMode(robotId: string, driver: ManualDriver, command: SetMode): void {
    const { counters } = this.relays.ports;
    driver.order((epoch) => {
      if (epoch === undefined) {
        counters.dropped.not_holder += 1;
        return;
      }
      this.commander.deliver(robotId, [command], epoch).then(
        (delivery) => {
          if (delivery === 'away') counters.dropped.robot_offline += 1;
        },
        (error: unknown) => this.log.warn({ err: error, robotId }, 'a mode could not be set'),
      );
    });
  }
}
