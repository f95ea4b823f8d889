import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { FRAME_SUBJECTS, frameSubject, wildcardSubject } from '@teleop/contracts';
import { NatsConnection } from '@teleop/messaging';
import { Clock, LOGGER, Logger } from '@teleop/service-kit';
import type { Msg } from '@nats-io/transport-node';
import type { RemoteFrame } from '../relay/frame-path';
import type { ReplicaLink } from '../relay/relay-ports';
import type { Seat } from '../relay/seat';
import { TurnBook } from '../turns/turn-book';
import { parsePresence, type Presence } from './presence-message';
import { packFrame, unpackFrame } from './replica-frame';

export type DriverFrameHandler = (epoch: number, sentAt: number, data: Buffer, kind: RemoteFrame) => void;
export type RobotFrameHandler = (epoch: number, data: Buffer, binary: boolean) => void;

type WithoutReplica<P> = P extends Presence ? Omit<P, 'replica'> : never;

/** The replicas' link over core NATS: nothing is queued, stored or acknowledged. */
@Injectable()
export class NatsReplicaLink implements ReplicaLink, OnModuleDestroy {
  readonly replica = randomUUID();
  /** Frames of this turn of the event loop, in order. */
  #frames: { readonly subject: string; readonly packed: Buffer }[] = [];
  #stopPresence: () => void = () => undefined;

  constructor(
    private readonly nats: NatsConnection,
    private readonly book: TurnBook,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleDestroy(): void {
    this.#stopPresence();
  }

  seatHere(robotId: string, seat: Seat): void {
    const { tenure, epoch } = seat;
    if (tenure.kind !== 'session') {
      const { kind, userId } = tenure;
      this.say({ kind: 'seat', state: 'here', robotId, epoch, manual: { kind, userId } });
      return;
    }
    const { turn, tokenHash, userId, expiresAt } = tenure.turn;
    const known = this.book.of(robotId);
    if (known?.turn !== turn || expiresAt === undefined) return;
    const remainingMs = known.deadline - this.clock.monotonic();
    if (remainingMs <= 0) return;
    this.say({
      kind: 'seat',
      state: 'here',
      robotId,
      epoch,
      turn: { turn, tokenHash, userId, expiresAt },
      remainingMs,
    });
  }

  seatGone(robotId: string, epoch: number): void {
    this.say({ kind: 'seat', state: 'gone', robotId, epoch });
  }

  robotHere(robotId: string, generation: number): void {
    this.say({ kind: 'robot', state: 'here', robotId, generation });
  }

  robotGone(robotId: string, generation: number): void {
    this.say({ kind: 'robot', state: 'gone', robotId, generation });
  }

  /** Asks where a robot is; its replica answers by `robotHere`. */
  who(robotId: string): void {
    this.say({ kind: 'who', robotId });
  }

  toRobot(robotId: string, epoch: number, data: Buffer, binary: boolean): boolean {
    return this.frame(frameSubject('toRobot', robotId), epoch, data, binary);
  }

  toRobotUnsealed(robotId: string, epoch: number, frame: string): boolean {
    return this.frame(frameSubject('toRobot', robotId), epoch, frame, false, true);
  }

  toDriver(robotId: string, epoch: number, data: Buffer, binary: boolean): boolean {
    return this.frame(frameSubject('toDriver', robotId), epoch, data, binary);
  }

  /** Frames for a robot whose socket is here. Returns the way to stop. */
  hearDrivers(robotId: string, handler: DriverFrameHandler): () => void {
    return this.listen(frameSubject('toRobot', robotId), ({ data }) => {
      const frame = unpackFrame(data);
      if (frame !== undefined) handler(frame.epoch, frame.sentAt, frame.data, frame);
    });
  }

  /** Frames for a driver whose socket is here. */
  hearRobot(robotId: string, handler: RobotFrameHandler): () => void {
    return this.listen(frameSubject('toDriver', robotId), ({ data }) => {
      const frame = unpackFrame(data);
      if (frame !== undefined) handler(frame.epoch, frame.data, frame.binary);
    });
  }

  onPresence(handler: (presence: Presence) => void): void {
    this.#stopPresence = this.listen(wildcardSubject(FRAME_SUBJECTS.presence), (message) => {
      const presence = parsePresence(message.string());
      if (presence === undefined) this.log.debug({ subject: message.subject }, 'presence not understood');
      else if (presence.replica !== this.replica) handler(presence);
    });
  }

  private listen(subject: string, handler: (message: Msg) => void): () => void {
    const subscription = this.nats.nc.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) handler(message);
        else this.log.error({ err: error, subject }, 'subscription between replicas failed');
      },
    });
    return () => subscription.unsubscribe();
  }

  private say(presence: WithoutReplica<Presence>): void {
    // While NATS is away the client would keep it and send it late, when it is no longer true.
    if (!this.nats.connected) return;
    this.flush();
    const subject = frameSubject('presence', presence.robotId);
    this.nats.nc.publish(subject, JSON.stringify({ ...presence, replica: this.replica }));
  }

  private frame(
    subject: string,
    epoch: number,
    data: Buffer | string,
    binary: boolean,
    unsealed = false,
  ): boolean {
    if (!this.nats.connected) return false;
    // When it was sent: the receiver tells a frame that was held up on the way by it.
    const sentAt = this.clock.monotonic();
    const packed = packFrame({ epoch, sentAt, binary, unsealed, from: this.replica }, data);
    // NATS's client writes what was published in one microtask; frames come from sockets of their own, a callback each.
    if (this.#frames.push({ subject, packed }) === 1) setImmediate(() => this.flush());
    return true;
  }

  /** All frames that came in one turn of the event loop in one write: the system calls cost more than the frames. */
  private flush(): void {
    const frames = this.#frames;
    if (frames.length === 0) return;
    this.#frames = [];
    // Gone in between: a late frame is worse than none.
    if (!this.nats.connected) return;
    for (const { subject, packed } of frames) this.nats.nc.publish(subject, packed);
  }
}
