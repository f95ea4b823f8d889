import { Inject, Injectable } from '@nestjs/common';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { PairingConfig } from '../config';
import { NotJson } from '../envelope/not-json';
import { readFrame, type Frame, type SessionMessage } from '../envelope/read-frame';
import { verifyMessage } from '../envelope/verify-message';
import { RegisterHardware } from '../hardware/register-hardware';
import type { Connection } from '../sockets/connection';
import { HEARTBEAT, hardwareRegisterResult, refusal, type Refusal } from './frames';
import { SessionMetrics } from './session-metrics';
import { Sessions } from './sessions';
import type { Side } from './side';

/** What a client sends, and what becomes of it. */
@Injectable()
export class ReceiveFrame {
  readonly #limits;

  constructor(
    private readonly sessions: Sessions,
    private readonly hardware: RegisterHardware,
    private readonly metrics: SessionMetrics,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: PairingConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#limits = { maxDepth: config.MAX_FRAME_DEPTH, maxMembers: config.MAX_FRAME_MEMBERS };
  }

  receive(connection: Connection, bytes: Buffer, binary: boolean): void {
    if (connection.gone) return;
    connection.heardAt = this.clock.monotonic();
    try {
      if (binary) throw new NotJson('a binary frame');
      this.handle(connection, readFrame(bytes, this.#limits));
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      this.refuse(connection, 'MALFORMED', error.why);
    }
  }

  private handle(connection: Connection, frame: Frame): void {
    switch (frame.type) {
      case 'heartbeat':
        return this.heartbeat(connection);
      case 'session_message':
        return this.message(connection, frame);
      case 'end_session':
        return this.end(connection, frame.reason);
      case 'hardware_register':
        if (connection.is.role !== 'device') throw new NotJson('hardware_register of an app');
        return this.register(connection, frame);
    }
  }

  private heartbeat({ side }: Connection): void {
    if (side?.phase === 'active') side.peer.deliver('heartbeat', side.sent, HEARTBEAT);
  }

  private message(connection: Connection, message: SessionMessage): void {
    const { side } = connection;
    if (side?.phase !== 'active' || side.is.sessionId !== message.sessionId)
      return this.refuse(connection, 'NO_SESSION', 'not the session of this socket');
    const form = verifyMessage(message, side.key, side.form);
    if (form === undefined) return this.refuse(connection, 'HMAC_INVALID', 'not signed with the session key');
    if (message.seq !== side.sent + 1) return this.refuse(connection, 'SEQ_MISMATCH', 'not the next number');
    const hmac = Buffer.from(message.hmac, 'hex');
    if (side.macs.isRepeated(message.seq, hmac))
      return this.refuse(connection, 'HMAC_INVALID', 'an earlier message under a longer number');
    this.accept(connection, side, message, hmac);
    side.form = form;
  }

  private accept(connection: Connection, side: Side, { seq, bytes }: SessionMessage, hmac: Buffer): void {
    side.macs.remember(hmac);
    side.sent = seq;
    side.sentBytes += bytes.length;
    connection.refusedInARow = 0;
    this.metrics.accepted(bytes.length);
    side.peer.deliver('frame', seq, bytes);
  }

  private end(connection: Connection, reason: string): void {
    const { side } = connection;
    if (side !== undefined) {
      connection.refusedInARow = 0;
      return this.sessions.finish(side, reason);
    }
    // Both sides may end at once, and a client that is told of the end may say so too: no fault of its.
    if (connection.hadSession) return;
    this.refuse(connection, 'NO_SESSION', 'end of no session');
  }

  private register(
    connection: Connection,
    { platformId, imageBase64 }: Extract<Frame, { type: 'hardware_register' }>,
  ): void {
    connection.refusedInARow = 0;
    const registering = this.hardware.register(connection.is.deviceId, platformId, imageBase64);
    registering.then(
      (result) => {
        const text = hardwareRegisterResult(result);
        const { side } = connection;
        connection.send(text);
        if (side?.phase === 'active') side.peer.deliver('note', side.sent, text);
      },
      (error: unknown) => this.log.error({ err: error }, 'registration of hardware failed'),
    );
  }

  private refuse(connection: Connection, code: Refusal, why: string): void {
    connection.refusedInARow += 1;
    this.metrics.refused(code);
    const { deviceId, role } = connection.is;
    const sessionId = connection.side?.is.sessionId;
    this.log.warn({ deviceId, role, sessionId, code, why }, 'message refused');
    connection.send(refusal(code, (connection.side?.sent ?? 0) + 1));
    if (connection.refusedInARow >= this.config.MAX_REFUSED_IN_A_ROW) connection.close('refused');
  }
}
