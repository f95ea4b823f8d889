import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { sha256Hex } from '@teleop/auth';
import { LOGGER, Logger } from '@teleop/service-kit';
import { ReplicaAbsent, ReplicaSilent } from '../replicas/replica-errors';
import { ReplicaLink } from '../replicas/replica-link';
import { Audit } from '../sessions/audit';
import { OTHER, ROLES, type Role } from '../sessions/role';
import { PairingTokens, type Claimed, type ClaimRefusal } from './pairing-tokens';
import { claimRefused } from './refusals';

const KEY_BYTES = 32;
const GONE: Readonly<Record<Role, ClaimRefusal>> = {
  device: 'DEVICE_NOT_CONNECTED',
  app: 'APP_CONNECTION_UNKNOWN',
};
const BUSY: Readonly<Record<Role, ClaimRefusal>> = { device: 'DEVICE_BUSY', app: 'TOKEN_ALREADY_CLAIMED' };

export interface Claim {
  readonly token: string;
  readonly appConnection: string;
  readonly address: string;
}

export interface ClaimedSession {
  readonly sessionId: string;
  /** Tells both sides. To be called when the claim has been answered. */
  readonly activate: () => Promise<void>;
}

interface Plan {
  readonly sessionId: string;
  readonly key: string;
  readonly hash: string;
  readonly claimed: Claimed;
  /** Where the sockets of both sides are. */
  readonly at: Readonly<Record<Role, { readonly replica: string; readonly connection: string }>>;
}

/**
 * An app claims the token that it read from a QR code. The token is taken in one step, then both sockets are reserved on their
 * replicas, which alone know whether they are still there; what fails on the way is undone, and the token may be claimed again.
 */
@Injectable()
export class ClaimSession {
  constructor(
    private readonly tokens: PairingTokens,
    private readonly link: ReplicaLink,
    private readonly audit: Audit,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async claim({ token, appConnection, address }: Claim): Promise<ClaimedSession> {
    const sessionId = randomUUID();
    const hash = sha256Hex(token);
    const claimed = await this.tokens.claim(hash, appConnection, sessionId);
    if (claimed.code !== 'OK') throw claimRefused(claimed.code);
    const plan: Plan = {
      sessionId,
      key: randomBytes(KEY_BYTES).toString('base64'),
      hash,
      claimed,
      at: {
        device: { replica: claimed.deviceReplica, connection: claimed.deviceConnection },
        app: { replica: claimed.appReplica, connection: appConnection },
      },
    };
    try {
      for (const role of ROLES) await this.reserve(plan, role);
      const { deviceId } = claimed;
      await this.audit.begins({
        sessionId,
        deviceId,
        appConnectionId: appConnection,
        appAddress: address,
        tokenHash: hash,
      });
    } catch (error) {
      await this.undo(plan);
      throw error;
    }
    this.log.info({ sessionId, deviceId: claimed.deviceId }, 'session claimed');
    return { sessionId, activate: () => this.activate(plan) };
  }

  private async reserve({ sessionId, key, claimed, at }: Plan, role: Role): Promise<void> {
    const { replica, connection } = at[role];
    const { refused } = await this.ask(replica, role, {
      op: 'reserve',
      session: sessionId,
      role,
      connection,
      device: claimed.deviceId,
      key,
      peer: at[OTHER[role]].replica,
    });
    if (refused === 'SOCKET_BUSY') throw claimRefused(BUSY[role]);
    if (refused !== undefined) throw claimRefused(GONE[role]);
  }

  /** A replica that does not answer has no sockets any more, as far as a claim is concerned. */
  private async ask(replica: string, role: Role, message: Parameters<ReplicaLink['ask']>[1]) {
    try {
      return await this.link.ask(replica, message);
    } catch (error) {
      if (error instanceof ReplicaAbsent) throw claimRefused(GONE[role]);
      throw error;
    }
  }

  private async activate({ sessionId, at }: Plan): Promise<void> {
    await Promise.all(
      ROLES.map(async (role) => {
        try {
          await this.link.ask(at[role].replica, { op: 'activate', session: sessionId, role });
        } catch (error) {
          if (!(error instanceof ReplicaAbsent || error instanceof ReplicaSilent)) throw error;
          // Its reservation runs out, and the other side hears of it.
          this.log.warn({ err: error, sessionId, role }, 'a side was not told that its session begins');
        }
      }),
    );
  }

  /** Best effort: what cannot be undone now runs out by itself. */
  private async undo({ sessionId, hash, claimed, at }: Plan): Promise<void> {
    const steps = [
      ...ROLES.map((role) => this.link.ask(at[role].replica, { op: 'cancel', session: sessionId, role })),
      this.tokens.unclaim(hash, claimed.deviceId, sessionId),
    ];
    for (const result of await Promise.allSettled(steps)) {
      if (result.status === 'rejected')
        this.log.warn(
          { err: result.reason as Error, sessionId },
          'a claim that failed is not undone at once',
        );
    }
  }
}
