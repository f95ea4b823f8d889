import { Injectable } from '@nestjs/common';
import { isUuid } from '@teleop/contracts';
import { InjectConfig, ProblemError, type UpgradeRequest } from '@teleop/service-kit';
import type { PairingConfig } from '../config';
import { Presence } from '../presence/presence';
import { endSession } from '../sessions/frames';
import { provedFrom } from '../sessions/resume-proof';
import { DISCONNECTED, type Role } from '../sessions/role';
import { SessionBook } from '../sessions/session-book';
import { Sessions } from '../sessions/sessions';
import type { Side } from '../sessions/side';
import type { Connection } from './connection';
import { resumeRefused } from './upgrade-credentials';

/** A side that may go on, and from which message of the other side's it missed something. */
export interface Resumable {
  readonly side: Side;
  readonly from: number;
}

export type ResumeAt = { readonly here: Resumable } | { readonly elsewhere: string };

/** `?session_id=&resume=`: a side that lost its socket comes back within SESSION_RESUME_GRACE_S. */
@Injectable()
export class Resume {
  constructor(
    private readonly book: SessionBook,
    private readonly sessions: Sessions,
    private readonly presence: Presence,
    @InjectConfig() private readonly config: PairingConfig,
  ) {}

  /** Undefined when the client does not ask for it. Throws 401 RESUME_REFUSED, 503 while its replica is not reachable yet. */
  async asked(req: UpgradeRequest, role: Role, deviceId?: string): Promise<ResumeAt | undefined> {
    const proof = req.query.get('resume');
    if (proof === null) return undefined;
    const sessionId = req.query.get('session_id') ?? '';
    if (this.config.SESSION_RESUME_GRACE_S === 0 || !isUuid(sessionId)) throw resumeRefused();
    const side = this.book.find(sessionId, role);
    if (side === undefined) {
      const elsewhere = await this.presence.sideAt(sessionId, role);
      if (elsewhere === undefined) throw resumeRefused();
      if (elsewhere === '')
        throw new ProblemError(
          503,
          'SERVICE_UNAVAILABLE',
          'The replica of the session is starting; try again',
        );
      return { elsewhere };
    }
    const from = provedFrom(side, proof);
    const mayGoOn = side.phase === 'detached' || side.phase === 'active';
    if (from === undefined || !mayGoOn || (deviceId ?? side.is.deviceId) !== side.is.deviceId)
      throw resumeRefused();
    if (side.backlog?.since(from) === undefined) throw resumeRefused();
    return { here: { side, from } };
  }

  /** The socket is open now. */
  take(connection: Connection, { side, from }: Resumable): void {
    if (this.sessions.resume(side, connection, from)) return;
    // It ended between the handshake and now.
    connection.send(endSession(DISCONNECTED[connection.is.role]));
  }
}
