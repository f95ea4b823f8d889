import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { isRobotId } from '@teleop/contracts';
import {
  InjectConfig,
  LOGGER,
  Logger,
  ProblemError,
  WsRouter,
  type UpgradeRequest,
} from '@teleop/service-kit';
import type { WebSocket } from 'ws';
import type { PairingConfig } from '../config';
import { PairingTokens } from '../pairing/pairing-tokens';
import { Presence, type SocketAt } from '../presence/presence';
import { ReplicaAbsent } from '../replicas/replica-errors';
import { ReplicaLink } from '../replicas/replica-link';
import type { ConnectionOf } from './connection';
import { PassOn } from './pass-on';
import { Resume, type Resumable } from './resume';
import { TakeIn } from './take-in';
import { notYours, tokenOf } from './upgrade-credentials';

type Arrival =
  | { readonly is: ConnectionOf; readonly older: SocketAt | undefined; readonly resumable?: Resumable }
  | { readonly there: WebSocket };

/** `/ws/device/{device_id}`: the kiosk. The newest socket is the device; an older one is closed with 4002, wherever it is. */
@Injectable()
export class DeviceSocket implements OnModuleInit {
  constructor(
    private readonly router: WsRouter,
    private readonly tokens: PairingTokens,
    private readonly presence: Presence,
    private readonly link: ReplicaLink,
    private readonly takeIn: TakeIn,
    private readonly resume: Resume,
    private readonly passOn: PassOn,
    @InjectConfig() private readonly config: PairingConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.router.route<Arrival>(
      '/ws/device/:deviceId',
      { authorize: (req) => this.authorize(req), connected: (ws, arrival) => this.connected(ws, arrival) },
      { maxPayload: this.config.MAX_FRAME_BYTES },
    );
  }

  private async authorize(req: UpgradeRequest): Promise<Arrival> {
    const deviceId = req.params['deviceId'];
    if (!isRobotId(deviceId)) {
      throw new ProblemError(400, 'VALIDATION_FAILED', 'device_id is not a device id', {
        errors: [
          { path: 'device_id', message: 'device_id must be 1-64 characters of A-Z, a-z, 0-9, _ or -' },
        ],
      });
    }
    const at = await this.resume.asked(req, 'device', deviceId);
    if (at !== undefined && 'elsewhere' in at) return { there: await this.passOn.open(at.elsewhere, req) };
    if (at === undefined && !this.config.PAIRING_OPEN_DEVICE_SOCKET)
      await this.checkToken(deviceId, tokenOf(req));
    const is: ConnectionOf = {
      id: this.takeIn.newId(),
      role: 'device',
      deviceId,
      tokenHash: undefined,
      address: req.ip,
    };
    return { is, older: await this.presence.deviceArrived(deviceId, is.id), resumable: at?.here };
  }

  private async checkToken(deviceId: string, token: string | undefined): Promise<void> {
    if (token === undefined) throw notYours();
    const found = await this.tokens.lookUp(token);
    if ((found.state !== 'open' && found.state !== 'claimed') || found.deviceId !== deviceId)
      throw notYours();
  }

  private connected(ws: WebSocket, arrival: Arrival): void {
    if ('there' in arrival) return this.passOn.join(ws, arrival.there);
    const { is, older, resumable } = arrival;
    const connection = this.takeIn.socket(ws, is);
    if (resumable !== undefined) this.resume.take(connection, resumable);
    if (older === undefined || older.replica === this.link.replica) return;
    this.link
      .ask(older.replica, { op: 'drop', connection: older.connection, why: 'replaced' })
      .catch((error: unknown) => {
        if (error instanceof ReplicaAbsent) return;
        // The older one finds out by itself with its next sign of presence.
        this.log.warn({ err: error, deviceId: is.deviceId }, 'an older socket of a device was not told');
      });
  }
}
