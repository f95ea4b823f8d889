import { Inject, Injectable } from '@nestjs/common';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { PairingConfig } from '../config';
import { Presence } from '../presence/presence';
import { PeerLinks } from '../replicas/peer-links';
import type { Connection } from '../sockets/connection';
import { Audit } from './audit';
import { endSession, HEARTBEAT, sessionActivated } from './frames';
import type { DeliveryKind } from './peer-link';
import { DISCONNECTED, OTHER } from './role';
import { SessionBook } from './session-book';
import { SessionMetrics } from './session-metrics';
import { Side, type SideOf } from './side';

/** What is after message n and no message itself, in the order of what a side was sent. */
const BETWEEN = 0.5;

/** What happens to the sides of sessions on this replica. All of it is immediate: no step waits in the middle. */
@Injectable()
export class Sessions {
  constructor(
    private readonly book: SessionBook,
    private readonly links: PeerLinks,
    private readonly presence: Presence,
    private readonly audit: Audit,
    private readonly metrics: SessionMetrics,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: PairingConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** A socket is taken for a session that is about to begin; one that never does is given up after RESERVATION_MS. */
  reserve(is: SideOf, connection: Connection, peerReplica: string): Side {
    const side = new Side(
      is,
      this.config.SESSION_RESUME_GRACE_S > 0 ? this.config.SESSION_RESUME_BUFFER_BYTES : 0,
    );
    side.peer = this.links.open(side, peerReplica, {
      arrived: (to, kind, seq, data) => this.arrived(to, kind, seq, data),
      ended: (to, reason) => this.finish(to, reason, { tellPeer: false }),
    });
    side.deadline = this.clock.monotonic() + this.config.RESERVATION_MS;
    this.book.add(side);
    this.attach(side, connection);
    return side;
  }

  /** The session begins: its client is told. Asked twice, it has begun. */
  activate(side: Side): void {
    if (!side.may('activate')) return;
    side.go('activate');
    side.deadline = undefined;
    this.toClient(side, side.received, sessionActivated(side.is.sessionId, side.is.sessionKey));
  }

  /** A reservation came to nothing: nobody was told of a session yet, and nobody is told of its end. */
  cancel(side: Side): void {
    if (side.phase !== 'reserved') return;
    this.leave(side);
  }

  /** Something of the other side's for this one. */
  arrived(side: Side, kind: DeliveryKind, seq: number, data: Buffer | string): void {
    // The other side was quicker to hear that the session begins.
    this.activate(side);
    if (kind === 'heartbeat') return side.connection?.send(HEARTBEAT);
    if (kind === 'frame') side.received = seq;
    this.toClient(side, kind === 'frame' ? seq : side.received + BETWEEN, data);
  }

  /** The side's socket is gone. Within the grace it may come back; else the session ends. */
  lost(side: Side, connection: Connection): void {
    if (side.connection !== connection) return;
    side.connection = undefined;
    connection.side = undefined;
    const { SESSION_RESUME_GRACE_S } = this.config;
    if (SESSION_RESUME_GRACE_S > 0 && side.may('detach')) {
      side.go('detach');
      side.heldFrom = side.received;
      side.deadline = this.clock.monotonic() + SESSION_RESUME_GRACE_S * 1_000;
      return;
    }
    this.finish(side, DISCONNECTED[side.is.role]);
  }

  /** The side came back with another socket and is sent what came after message `from` of the other side. False: too late. */
  resume(side: Side, connection: Connection, from: number): boolean {
    // The old socket may look open still.
    if (side.connection !== undefined) side.connection.close('replaced');
    const missed = side.backlog?.since(from);
    if (missed === undefined || !side.may('resume')) return false;
    side.go('resume');
    side.deadline = undefined;
    this.attach(side, connection);
    for (const { data } of missed) connection.send(data);
    this.metrics.resumed();
    return true;
  }

  /** The other side cannot be reached any more. */
  peerLost(side: Side): void {
    this.finish(side, DISCONNECTED[OTHER[side.is.role]], { tellPeer: false });
  }

  /** A reservation that nothing came of, or a grace, is over. The claim may have been answered: both clients are told. */
  overdue(side: Side): void {
    this.finish(side, DISCONNECTED[side.is.role]);
  }

  /** Ends the session: this side's client is told, and the other side behind all that is on its way there. */
  finish(side: Side, reason: string, { tellPeer = true }: { tellPeer?: boolean } = {}): void {
    if (side.phase === 'ended') return;
    const { connection } = side;
    this.leave(side);
    // Behind the note that the device is free: whoever hears of the end may pair it again.
    connection?.send(endSession(reason));
    if (tellPeer) side.peer.end(reason);
    else side.peer.close();
    this.audit.ended(side, reason);
    this.metrics.ended(reason);
    const { sessionId, role } = side.is;
    this.log.info({ sessionId, role, reason, messages: side.sent }, 'session ended');
  }

  private attach(side: Side, connection: Connection): void {
    side.connection = connection;
    connection.side = side;
    connection.hadSession = true;
    this.notePresence(side);
    if (side.backlog === undefined) return;
    this.presence.sideIs(side.is.sessionId, side.is.role).catch((error: unknown) => {
      this.log.warn(
        { err: error, sessionId: side.is.sessionId },
        'where a side can come back to is not written',
      );
    });
  }

  private leave(side: Side): void {
    const { connection } = side;
    side.go('end');
    this.book.remove(side);
    this.links.release(side);
    side.connection = undefined;
    if (connection === undefined) return;
    connection.side = undefined;
    connection.resume();
    if (side.is.role === 'device' && !connection.gone) this.notePresence(side, connection);
  }

  private toClient(side: Side, at: number, data: Buffer | string): void {
    side.backlog?.push({ seq: at, data });
    side.connection?.send(data);
  }

  private notePresence(side: Side, connection = side.connection): void {
    if (side.is.role !== 'device' || connection === undefined) return;
    const sessionId = connection.side?.is.sessionId;
    this.presence.deviceIs(connection.is.deviceId, connection.is.id, sessionId).catch((error: unknown) => {
      // Written again with the next round of presence.
      this.log.warn({ err: error, deviceId: connection.is.deviceId }, 'status of a device is not written');
    });
  }
}
