import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectConfig, WsRouter, type UpgradeRequest } from '@teleop/service-kit';
import type { WebSocket } from 'ws';
import type { PairingConfig } from '../config';
import { PairingTokens } from '../pairing/pairing-tokens';
import { Presence } from '../presence/presence';
import { connectionEstablished } from '../sessions/frames';
import type { ConnectionOf } from './connection';
import { TakeIn } from './take-in';
import { notYours, tokenOf } from './upgrade-credentials';

/** `/ws/app?token=<pairing_token>`: a phone that has read a device's QR code. */
@Injectable()
export class AppSocket implements OnModuleInit {
  constructor(
    private readonly router: WsRouter,
    private readonly tokens: PairingTokens,
    private readonly presence: Presence,
    private readonly takeIn: TakeIn,
    @InjectConfig() private readonly config: PairingConfig,
  ) {}

  onModuleInit(): void {
    this.router.route<ConnectionOf>(
      '/ws/app',
      { authorize: (req) => this.authorize(req), connected: (ws, is) => this.connected(ws, is) },
      { maxPayload: this.config.MAX_FRAME_BYTES },
    );
  }

  /** A token that another phone has claimed is good for a socket too, until it expires: the claim says what is wrong. */
  private async authorize(req: UpgradeRequest): Promise<ConnectionOf> {
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

  private connected(ws: WebSocket, is: ConnectionOf): void {
    this.takeIn.socket(ws, is).send(connectionEstablished(is.id));
  }
}
