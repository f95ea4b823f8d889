import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectConfig, WsRouter, type UpgradeRequest } from '@teleop/service-kit';
import type { WebSocket } from 'ws';
import type { PairingConfig } from '../config';
import { PairingTokens } from '../pairing/pairing-tokens';
import { Presence } from '../presence/presence';
import { connectionEstablished } from '../sessions/frames';
import type { ConnectionOf } from './connection';
import { PassOn } from './pass-on';
import { Resume, type Resumable } from './resume';
import { TakeIn } from './take-in';
import { notYours, tokenOf } from './upgrade-credentials';

type AppArrival =
  { readonly is: ConnectionOf; readonly resumable?: Resumable } | { readonly there: WebSocket };

/** `/ws/app?token=<pairing_token>`: a phone that has read a device's QR code. */
@Injectable()
export class AppSocket implements OnModuleInit {
  constructor(
    private readonly router: WsRouter,
    private readonly tokens: PairingTokens,
    private readonly presence: Presence,
    private readonly takeIn: TakeIn,
    private readonly resume: Resume,
    private readonly passOn: PassOn,
    @InjectConfig() private readonly config: PairingConfig,
  ) {}

  onModuleInit(): void {
    this.router.route<AppArrival>(
      '/ws/app',
      { authorize: (req) => this.authorize(req), connected: (ws, arrival) => this.connected(ws, arrival) },
      { maxPayload: this.config.MAX_FRAME_BYTES },
    );
  }

  /** A token that another phone has claimed is good for a socket too, until it expires: the claim says what is wrong. */
  private async authorize(req: UpgradeRequest): Promise<AppArrival> {
    const at = await this.resume.asked(req, 'app');
    if (at === undefined) return { is: await this.byToken(req) };
    if ('elsewhere' in at) return { there: await this.passOn.open(at.elsewhere, req) };
    const { deviceId } = at.here.side.is;
    const is: ConnectionOf = {
      id: this.takeIn.newId(),
      role: 'app',
      deviceId,
      tokenHash: undefined,
      address: req.ip,
    };
    return { is, resumable: at.here };
  }

  private async byToken(req: UpgradeRequest): Promise<ConnectionOf> {
    const token = tokenOf(req);
    if (token === undefined) throw notYours();
    const { state, deviceId, hash } = await this.tokens.lookUp(token);
    if (state !== 'open' && state !== 'claimed') throw notYours();
    const is: ConnectionOf = {
      id: this.takeIn.newId(),
      role: 'app',
      deviceId,
      tokenHash: hash,
      address: req.ip,
    };
    // Before the handshake is answered: the claim may come in the next moment, on any replica.
    await this.presence.appArrived(is.id, hash);
    return is;
  }

  private connected(ws: WebSocket, arrival: AppArrival): void {
    if ('there' in arrival) return this.passOn.join(ws, arrival.there);
    const connection = this.takeIn.socket(ws, arrival.is);
    connection.send(connectionEstablished(arrival.is.id));
    if (arrival.resumable !== undefined) this.resume.take(connection, arrival.resumable);
  }
}
