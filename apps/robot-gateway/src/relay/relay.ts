import { isOver } from '../turns/turn-state';
import { Deadman } from './deadman';
import type { DriverSeat } from './driver-seat';
import { PathDelay } from './path-delay';
import type { RelayPorts, RemoteRobotHeard, RemoteSeatHeard } from './relay-ports';
import { leaseFrame, stopFrame } from './robot-frames';
import type { RobotPeer } from './robot-peer';
import type { StopReason } from './frame-counters';
import { closeWire, CLOSED, TEXT } from './wire';

export interface RemoteSeat extends RemoteSeatHeard {
  readonly delay: PathDelay;
  heardAt: number;
}

/**
 * One robot and its driver, as far as this replica holds either. Frames pass through `frame-path.ts`; here is who may
 * send them: the seat with the highest epoch, while its turn runs.
 */
export class Relay {
  robot: RobotPeer | undefined;
  seat: DriverSeat | undefined;
  remoteSeat: RemoteSeat | undefined;
  remoteRobot: (RemoteRobotHeard & { heardAt: number }) | undefined;
  /** The seat whose silence counts against the turn; outlives its socket. */
  watched: DriverSeat | undefined;
  readonly deadman: Deadman;
  /** The lease as the robot was told of it: held by this epoch, in this turn. */
  #granted: { readonly epoch: number; readonly turn: number } | undefined;
  #fence = 0;
  #seq = 0;

  constructor(
    readonly robotId: string,
    readonly ports: RelayPorts,
  ) {
    this.deadman = new Deadman(ports.limits.deadmanMs);
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
  sit(seat: DriverSeat): boolean {
    if (seat.epoch < this.#fence || seat.epoch === this.seat?.epoch) return false;
    this.displaceSeats();
    this.raiseFence(seat.epoch);
    this.seat = seat;
    this.watched = seat;
    this.grant(seat.epoch, seat.turn.turn);
    this.announceSeat(this.ports.now());
    return true;
  }

  /** The driver's socket closed. */
  leave(seat: DriverSeat): void {
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
    const turn = this.ports.turnOf(this.robotId);
    if (turn === undefined || turn.turn !== heard.turn.turn || isOver(turn, this.ports.now())) return;
    this.displaceSeats();
    this.raiseFence(epoch);
    this.watched = undefined;
    this.remoteSeat = { ...heard, delay: new PathDelay(), heardAt: this.ports.now() };
    this.grant(epoch, heard.turn.turn);
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

  attach(robot: RobotPeer): void {
    const older = this.robot;
    this.robot = robot;
    older?.stopHearing();
    if (older !== undefined) closeWire(older.wire, CLOSED.replaced);
    this.remoteRobot = undefined;
    this.deadman.stopped();
    this.announceRobot(this.ports.now());
    // What it last heard of its lease may be long ago.
    if (this.#granted !== undefined) this.announceLease(this.#granted.epoch, 'granted');
    else if (this.#fence > 0) this.announceLease(this.#fence, 'ended');
  }

  /** The robot's socket closed. Its driver stays: the robot may be back in a moment. */
  detach(robot: RobotPeer): void {
    if (this.robot !== robot) return;
    this.dropRobot(robot);
    this.ports.link.robotGone(this.robotId, robot.generation);
  }

  heardRobot(heard: RemoteRobotHeard): void {
    if (this.robot !== undefined) {
      if (heard.generation <= this.robot.generation) return;
      closeWire(this.robot.wire, CLOSED.replaced);
      this.dropRobot(this.robot);
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
    const concerned = this.seat?.turn.turn ?? this.remoteSeat?.turn.turn ?? this.#granted?.turn;
    const watched = this.watched?.turn.turn;
    const turn = this.ports.turnOf(this.robotId);
    if (turn === undefined) return;
    if (watched !== undefined && (turn.turn > watched || isOver(turn, now))) this.watched = undefined;
    if (concerned === undefined) return;
    if (turn.turn > concerned || (turn.turn === concerned && isOver(turn, now))) this.endTurn();
  }

  /** Tells the robot to stand still, under the newest lease there is. */
  stopRobot(reason: StopReason): void {
    this.deadman.stopped();
    if (this.robot === undefined) return;
    this.#seq += 1;
    this.robot.wire.send(stopFrame(this.#fence, this.#seq), TEXT);
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
      closeWire(seat.wire, CLOSED.sessionEnded);
      this.ports.link.seatGone(this.robotId, seat.epoch);
    }
    const granted = this.#granted;
    this.#granted = undefined;
    if (granted !== undefined) this.announceLease(granted.epoch, 'ended');
  }

  /** Makes room for a seat with a higher epoch. */
  private displaceSeats(): void {
    const { seat } = this;
    this.seat = undefined;
    this.remoteSeat = undefined;
    if (this.deadman.driving) this.stopRobot('replaced');
    if (seat === undefined) return;
    seat.stopHearing();
    closeWire(seat.wire, CLOSED.replaced);
  }

  private dropRobot(robot: RobotPeer): void {
    this.robot = undefined;
    this.deadman.stopped();
    robot.stopHearing();
  }

  private grant(epoch: number, turn: number): void {
    this.#granted = { epoch, turn };
    this.#seq = 0;
    this.ports.counters.grants += 1;
    this.announceLease(epoch, 'granted');
  }

  private announceLease(epoch: number, state: 'granted' | 'ended'): void {
    if (this.robot?.announcesLease === true) this.robot.wire.send(leaseFrame(epoch, state), TEXT);
  }
}
