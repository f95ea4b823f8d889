import { seal, unsealed, type RobotCommand } from '../commands/domain/robot-command';
import { Sequence } from '../commands/domain/sequence';
import type { LeaseState } from '../lease/lease-state';
import { isOver } from '../turns/turn-state';
import { Deadman } from './deadman';
import { DriverSeat } from './driver-seat';
import { PathDelay } from './path-delay';
import type { RelayPorts, RemoteRobotHeard, RemoteSeatHeard } from './relay-ports';
import { leaseFrame, stopFrame } from './robot-frames';
import type { RobotPeer } from './robot-peer';
import type { StopReason } from './frame-counters';
import { isManualKind, turnOf, type Seat } from './seat';
import { TokenBucket } from './token-bucket';
import { closeWire, CLOSED, TEXT } from './wire';

export interface RemoteSeat extends RemoteSeatHeard {
  /** By the replica that sends: their clocks have nothing to do with each other. */
  readonly delays: Map<string, PathDelay>;
  heardAt: number;
}

/** After these a driver's silence is nothing to stop the robot for. */
const DRIVES_BY_ITSELF: ReadonlySet<RobotCommand['command']> = new Set(['NAVIGATE', 'EXECUTE_STEP']);

/** How a command fared on the robot's own socket. */
export type Sent = 'sent' | 'stale' | 'slow' | 'absent';

/**
 * One robot and its driver, as far as this replica holds either. Frames pass through `frame-path.ts`; here is who may
 * send them: the seat with the highest epoch, while its turn runs.
 */
export class Relay {
  robot: RobotPeer | undefined;
  /** Older sockets that named no robot, oldest first: they hear commands too. */
  readonly listeners: RobotPeer[] = [];
  seat: Seat | undefined;
  remoteSeat: RemoteSeat | undefined;
  remoteRobot: (RemoteRobotHeard & { heardAt: number }) | undefined;
  /** The seat whose silence counts against the turn; outlives its socket. */
  watched: DriverSeat | undefined;
  readonly deadman: Deadman;
  /** Bytes a second of the robot's that go to a driver at another replica: NATS's client would keep any number. */
  readonly toDriverBytes: TokenBucket;
  /** The lease as the robot was told of it: held by this epoch, in this turn. */
  #granted: { readonly epoch: number; readonly turn: number | undefined } | undefined;
  #fence = 0;
  readonly #sequence: Sequence;

  constructor(
    readonly robotId: string,
    readonly ports: RelayPorts,
  ) {
    this.deadman = new Deadman(ports.limits.deadmanMs);
    this.#sequence = new Sequence(ports.wallClock);
    this.toDriverBytes = new TokenBucket(ports.limits.remoteBytesPerSecond);
  }

  /** The number of the next command to this robot from here. */
  nextSeq(): number {
    return this.#sequence.next();
  }

  /** The lowest epoch whose frames are obeyed. */
  get fence(): number {
    return this.#fence;
  }

  raiseFence(epoch: number): void {
    if (epoch > this.#fence) this.#fence = epoch;
  }

  /** Nothing here and nothing to remember. */
  get idle(): boolean {
    return (
      !this.robot && !this.seat && !this.remoteSeat && !this.remoteRobot && !this.watched && !this.#granted
    );
  }

  robotConnected(now: number): boolean {
    return this.robot !== undefined || this.remoteRobotFresh(now);
  }

  remoteRobotFresh(now: number): boolean {
    return (
      this.remoteRobot !== undefined && now - this.remoteRobot.heardAt < this.ports.limits.robotPresenceMs * 3
    );
  }

  /** Lets a driver in who was given his epoch by the database; false when he has been overtaken since. */
  sit(seat: Seat): boolean {
    if (seat.epoch < this.#fence || seat.epoch === this.seat?.epoch) return false;
    this.displaceSeats();
    this.raiseFence(seat.epoch);
    this.seat = seat;
    this.watched = seat instanceof DriverSeat ? seat : undefined;
    this.grant(seat.epoch, turnOf(seat.tenure));
    this.announceSeat(this.ports.now());
    return true;
  }

  /** The driver's socket closed. */
  leave(seat: Seat): void {
    if (this.seat !== seat) return;
    this.seat = undefined;
    seat.stopHearing();
    this.ports.link.seatGone(this.robotId, seat.epoch);
    if (this.deadman.driving) this.stopRobot('driver_gone');
  }

  /** A heartbeat of a seat at another replica. */
  heardSeat(heard: RemoteSeatHeard): void {
    const { epoch } = heard;
    if (epoch < this.#fence) return;
    if (this.remoteSeat?.epoch === epoch) {
      this.remoteSeat.heardAt = this.ports.now();
      return;
    }
    // The same person at two replicas: each keeps his seat.
    if (this.seat?.epoch === epoch || !this.mayStand(heard)) return;
    this.displaceSeats();
    this.raiseFence(epoch);
    this.watched = undefined;
    this.remoteSeat = { ...heard, delays: new Map(), heardAt: this.ports.now() };
    this.grant(epoch, turnOf(heard.tenure));
    // So that its replica knows at once where the robot is.
    this.announceRobot(this.ports.now());
  }

  /** The database knows of a newer lease than the seat's, and its holder's word did not come through. */
  overtaken(epoch: number): void {
    this.raiseFence(epoch);
    if (this.seat !== undefined && this.seat.epoch < epoch) this.displaceSeats();
  }

  heardSeatGone(epoch: number): void {
    if (this.remoteSeat?.epoch === epoch) this.dropRemoteSeat('driver_gone');
  }

  dropRemoteSeat(reason: StopReason): void {
    this.remoteSeat = undefined;
    if (this.deadman.driving) this.stopRobot(reason);
  }

  /** Whether a seat that is told of still has the right to be one, as far as is known here. */
  private mayStand({ epoch, tenure }: RemoteSeatHeard): boolean {
    const now = this.ports.now();
    if (tenure.kind === 'session') {
      const turn = this.ports.turnOf(this.robotId);
      return turn !== undefined && turn.turn === tenure.turn.turn && !isOver(turn, now);
    }
    const lease = this.ports.leaseOf(this.robotId);
    return lease === undefined || lease.epoch < epoch || (lease.epoch === epoch && now < lease.deadline);
  }

  attach(robot: RobotPeer): void {
    const older = this.robot;
    this.robot = robot;
    older?.stopHearing();
    robot.startHearing();
    if (older !== undefined) this.setAside(older, robot);
    this.remoteRobot = undefined;
    this.deadman.stopped();
    this.announceRobot(this.ports.now());
    // What it last heard of its lease may be long ago.
    if (this.#granted !== undefined) this.announceLease(this.#granted.epoch, 'granted');
    else if (this.#fence > 0) this.announceLease(this.#fence, 'ended');
  }

  /** The robot's socket closed. Its driver stays: the robot may be back in a moment. */
  detach(robot: RobotPeer): void {
    const index = this.listeners.indexOf(robot);
    if (index >= 0) this.listeners.splice(index, 1);
    if (this.robot !== robot) return;
    this.dropRobot(robot);
    this.ports.link.robotGone(this.robotId, robot.generation);
    const next = this.listeners.pop();
    if (next !== undefined) this.attach(next);
  }

  heardRobot(heard: RemoteRobotHeard): void {
    if (this.robot !== undefined) {
      if (heard.generation <= this.robot.generation) return;
      closeWire(this.robot.wire, CLOSED.replaced);
      this.dropRobot(this.robot);
      for (const listener of this.listeners.splice(0)) closeWire(listener.wire, CLOSED.replaced);
    }
    if (this.remoteRobot !== undefined && heard.generation < this.remoteRobot.generation) return;
    const moved = this.remoteRobot?.replica !== heard.replica;
    this.remoteRobot = { ...heard, heardAt: this.ports.now() };
    // The replica that has it now must hear of the seat before it hears its frames.
    if (moved) this.announceSeat(this.ports.now());
  }

  heardRobotGone(generation: number): void {
    if (this.remoteRobot?.generation === generation) this.remoteRobot = undefined;
  }

  /** Compares with what is known of the turn: when it is over, or another one runs, whoever drives is out. */
  checkTurn(now: number): void {
    this.checkLease(now);
    const concerned = turnOf(this.seat?.tenure) ?? turnOf(this.remoteSeat?.tenure) ?? this.#granted?.turn;
    const watched = this.watched?.turn.turn;
    const turn = this.ports.turnOf(this.robotId);
    if (turn === undefined) return;
    if (watched !== undefined && (turn.turn > watched || isOver(turn, now))) this.watched = undefined;
    if (concerned === undefined) return;
    if (turn.turn > concerned || (turn.turn === concerned && isOver(turn, now))) this.endTurn();
  }

  /** A lease taken by hand changed: whoever drove under an older one is out, and the robot stands still. */
  leaseChanged(lease: LeaseState): void {
    // Sessions say so themselves when they sit down, and their end is known from the turn.
    const manual = isManualKind(lease.kind);
    const seated = this.seat ?? this.remoteSeat;
    if (lease.kind === 'session' || (lease.kind === 'none' && turnOf(seated?.tenure) !== undefined)) return;
    if (manual || lease.kind === 'none') this.raiseFence(lease.epoch);
    if (manual && seated !== undefined && seated.epoch < lease.epoch) this.displaceSeats();
    this.checkLease(this.ports.now());
  }

  /** Puts commands on the robot's own socket, in their order, or none of them. */
  command(commands: readonly RobotCommand[], epoch: number): Sent {
    const { robot } = this;
    if (robot === undefined) return 'absent';
    if (epoch < this.#fence) return 'stale';
    if (this.slow) return 'slow';
    this.raiseFence(epoch);
    for (const command of commands) this.say(seal(unsealed(command, epoch), this.nextSeq()));
    if (commands.some(({ command }) => DRIVES_BY_ITSELF.has(command))) this.deadman.stopped();
    return 'sent';
  }

  /** To the robot's socket here, and to those that listen beside it. */
  say(frame: Buffer | string, options = TEXT): void {
    const { robotBufferBytes } = this.ports.limits;
    this.robot?.wire.send(frame, options);
    for (const { wire } of this.listeners)
      if (wire.bufferedAmount <= robotBufferBytes) wire.send(frame, options);
  }

  /** The robot's socket here takes no more just now. */
  get slow(): boolean {
    return this.robot !== undefined && this.robot.wire.bufferedAmount > this.ports.limits.robotBufferBytes;
  }

  /** Tells the robot to stand still, under the newest lease there is. */
  stopRobot(reason: StopReason): void {
    this.deadman.stopped();
    if (this.robot === undefined) return;
    this.say(stopFrame(this.#fence, this.nextSeq()));
    this.ports.counters.stops[reason] += 1;
  }

  /** Tells the other replicas of the seat here, if there is one. */
  announceSeat(now: number): void {
    if (this.seat === undefined) return;
    this.seat.announcedAt = now;
    this.ports.link.seatHere(this.robotId, this.seat);
  }

  announceRobot(now: number): void {
    if (this.robot === undefined) return;
    this.robot.announcedAt = now;
    this.ports.link.robotHere(this.robotId, this.robot.generation);
  }

  /** Compares seats that were taken by hand with what is known of the lease. */
  private checkLease(now: number): void {
    const seated = this.seat ?? this.remoteSeat;
    const manual = seated === undefined ? undefined : turnOf(seated.tenure) === undefined;
    const epoch = manual
      ? seated?.epoch
      : this.#granted?.turn === undefined
        ? this.#granted?.epoch
        : undefined;
    const lease = this.ports.leaseOf(this.robotId);
    if (epoch === undefined || lease === undefined || lease.epoch < epoch) return;
    if (lease.epoch > epoch || now >= lease.deadline) this.endManual();
  }

  private endManual(): void {
    const { seat } = this;
    const driven = this.deadman.driving;
    this.seat = undefined;
    this.remoteSeat = undefined;
    if (driven) this.stopRobot('lease_ended');
    if (seat !== undefined) {
      seat.stopHearing();
      seat.end('over');
      this.ports.link.seatGone(this.robotId, seat.epoch);
    }
    this.endGrant();
  }

  private endGrant(): void {
    const granted = this.#granted;
    this.#granted = undefined;
    if (granted !== undefined) this.announceLease(granted.epoch, 'ended');
  }

  private setAside(older: RobotPeer, newer: RobotPeer): void {
    if (!older.unnamed || !newer.unnamed) {
      closeWire(older.wire, CLOSED.replaced);
      for (const listener of this.listeners.splice(0)) closeWire(listener.wire, CLOSED.replaced);
      return;
    }
    this.listeners.push(older);
    if (this.listeners.length <= this.ports.limits.maxListeners) return;
    const oldest = this.listeners.shift();
    if (oldest !== undefined) closeWire(oldest.wire, CLOSED.replaced);
  }

  private endTurn(): void {
    const { seat, remoteSeat } = this;
    const driven = seat !== undefined || remoteSeat !== undefined || this.deadman.driving;
    const epoch = seat?.epoch ?? remoteSeat?.epoch ?? this.#granted?.epoch ?? 0;
    // Whatever of this epoch is still on its way is refused from here on.
    this.raiseFence(epoch + 1);
    this.seat = undefined;
    this.remoteSeat = undefined;
    this.watched = undefined;
    if (driven) this.stopRobot('turn_over');
    if (seat !== undefined) {
      seat.stopHearing();
      seat.end('over');
      this.ports.link.seatGone(this.robotId, seat.epoch);
    }
    this.endGrant();
  }

  /** Makes room for a seat with a higher epoch. */
  private displaceSeats(): void {
    const { seat } = this;
    this.seat = undefined;
    this.remoteSeat = undefined;
    if (this.deadman.driving) this.stopRobot('replaced');
    if (seat === undefined) return;
    seat.stopHearing();
    seat.end('replaced');
  }

  private dropRobot(robot: RobotPeer): void {
    this.robot = undefined;
    this.deadman.stopped();
    robot.stopHearing();
  }

  private grant(epoch: number, turn: number | undefined): void {
    this.#granted = { epoch, turn };
    this.ports.counters.grants += 1;
    this.announceLease(epoch, 'granted');
  }

  private announceLease(epoch: number, state: 'granted' | 'ended'): void {
    if (this.robot?.announcesLease === true) this.robot.wire.send(leaseFrame(epoch, state), TEXT);
  }
}
