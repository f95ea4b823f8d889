import { sha256Hex } from '@teleop/auth';
import type { LockAnswer } from '@teleop/contracts';
import { isLockAnswer, lockRequestToken } from './lock-requests';
import { seal } from '../commands/domain/robot-command';
import { isTeachState } from '../teaching/teach-frames';
import { DriverSeat } from './driver-seat';
import { isForGateway } from './gateway-frames';
import { PathDelay } from './path-delay';
import type { Relay, RemoteSeat } from './relay';
import type { RobotPeer } from './robot-peer';
import type { Seat } from './seat';
import { BINARY, CLOSED, cutOff, TEXT } from './wire';

/*
 * The hot path: 50 frames a second for every driver, and as many back. Nothing here awaits, parses, logs or allocates,
 * but for the rare lock request. A frame that cannot go out now is dropped and counted: a late command to a robot is
 * worse than none.
 */

export function driverFrame(relay: Relay, seat: DriverSeat, data: Buffer, binary: boolean): void {
  const { counters, limits, now: clock } = relay.ports;
  if (relay.seat !== seat || seat.epoch < relay.fence) {
    counters.dropped.stale_epoch += 1;
    return;
  }
  const now = clock();
  const passage = seat.gate.take(now);
  if (passage !== 'pass') {
    counters.dropped.flood += 1;
    if (passage === 'close') {
      cutOff(seat.wire, CLOSED.flood);
      relay.leave(seat);
    }
    return;
  }
  seat.lastFrameAt = now;
  const lockToken = binary ? undefined : lockRequestToken(data);
  if (lockToken !== undefined && !mayAskRobot(relay, seat, lockToken, now)) return;
  const { robot } = relay;
  if (robot === undefined) {
    toOtherReplica(relay, seat, data, binary, now);
    return;
  }
  if (robot.wire.bufferedAmount > limits.robotBufferBytes) {
    counters.dropped.robot_slow += 1;
    return;
  }
  relay.say(data, binary ? BINARY : TEXT);
  counters.toRobot += 1;
  if (lockToken === undefined) relay.deadman.frame(now);
}

/** What is told of a frame that comes from a driver at another replica. */
export interface RemoteFrame {
  readonly binary: boolean;
  readonly unsealed: boolean;
  /** The replica. */
  readonly from: string;
}

/** A drive command of somebody who drives by hand; `frame` lacks its number and its end. */
export function manualFrame(relay: Relay, seat: Seat, frame: string): void {
  const { counters, limits, link, now: clock } = relay.ports;
  if (relay.seat !== seat || seat.epoch < relay.fence) {
    counters.dropped.stale_epoch += 1;
    return;
  }
  const now = clock();
  seat.lastFrameAt = now;
  const { robot } = relay;
  if (robot === undefined) {
    if (!relay.remoteRobotFresh(now)) counters.dropped.robot_offline += 1;
    else if (link.toRobotUnsealed(relay.robotId, seat.epoch, frame)) counters.betweenReplicas += 1;
    else counters.dropped.replicas_apart += 1;
    return;
  }
  if (robot.wire.bufferedAmount > limits.robotBufferBytes) {
    counters.dropped.robot_slow += 1;
    return;
  }
  relay.say(seal(frame, relay.nextSeq()));
  counters.toRobot += 1;
  relay.deadman.frame(now);
}

export function robotFrame(relay: Relay, robot: RobotPeer, data: Buffer, binary: boolean): void {
  const { counters } = relay.ports;
  if (relay.robot !== robot) return;
  const passage = robot.gate.take(relay.ports.now());
  if (passage !== 'pass') {
    counters.dropped.robot_flood += 1;
    if (passage === 'close') {
      cutOff(robot.wire, CLOSED.flood);
      relay.detach(robot);
    }
    return;
  }
  const taught = !binary && isTeachState(data);
  const forGateway = taught || (!binary && isForGateway(data));
  if (taught) relay.ports.robotTaught(relay.robotId, robot, data);
  else if (forGateway) relay.ports.robotSaid(relay.robotId, data);
  if (relay.seat instanceof DriverSeat) {
    toDriver(relay, relay.seat, data, binary);
  } else if (relay.remoteSeat?.tenure.kind !== 'session') {
    if (!forGateway) counters.dropped.no_driver += 1;
  } else if (!relay.toDriverBytes.take(relay.ports.now(), data.length)) {
    counters.dropped.robot_flood += 1;
  } else if (relay.ports.link.toDriver(relay.robotId, relay.remoteSeat.epoch, data, binary)) {
    counters.betweenReplicas += 1;
  } else {
    counters.dropped.replicas_apart += 1;
  }
}

/** A frame of a driver at another replica, for the robot here. */
export function acceptFromRemoteDriver(
  relay: Relay,
  epoch: number,
  sentAt: number,
  data: Buffer,
  kind: RemoteFrame,
): void {
  const { counters, limits } = relay.ports;
  const { robot, remoteSeat } = relay;
  if (robot === undefined) return;
  if (remoteSeat === undefined || remoteSeat.epoch !== epoch || epoch < relay.fence) {
    counters.dropped.stale_epoch += 1;
    return;
  }
  const now = relay.ports.now();
  remoteSeat.heardAt = now;
  const lateMs = delayOf(remoteSeat, kind.from).late(sentAt, now);
  counters.lateMs.push(lateMs);
  if (lateMs > limits.maxLateMs) {
    counters.dropped.late += 1;
    return;
  }
  if (robot.wire.bufferedAmount > limits.robotBufferBytes) {
    counters.dropped.robot_slow += 1;
    return;
  }
  if (kind.unsealed) relay.say(seal(data.toString('latin1'), relay.nextSeq()));
  else relay.say(data, kind.binary ? BINARY : TEXT);
  counters.toRobot += 1;
  if (kind.binary || kind.unsealed || lockRequestToken(data) === undefined) relay.deadman.frame(now);
}

/** A frame of the robot at another replica, for the driver here. */
export function acceptFromRemoteRobot(relay: Relay, epoch: number, data: Buffer, binary: boolean): void {
  const { seat } = relay;
  if (!(seat instanceof DriverSeat) || seat.epoch !== epoch || relay.robot !== undefined) return;
  toDriver(relay, seat, data, binary);
}

/** What the gateway says to its driver when the robot does not. */
export function answerLock(seat: DriverSeat, answer: LockAnswer): void {
  seat.wire.send(JSON.stringify({ type: answer }), TEXT);
}

function toDriver(relay: Relay, seat: DriverSeat, data: Buffer, binary: boolean): void {
  const { counters, limits } = relay.ports;
  if (seat.locks.waiting && !binary && isLockAnswer(data) && seat.locks.robotAnswered() === 'swallow') return;
  if (seat.wire.bufferedAmount > limits.driverBufferBytes) {
    counters.dropped.driver_slow += 1;
    return;
  }
  seat.wire.send(data, binary ? BINARY : TEXT);
  counters.toDriver += 1;
}

function toOtherReplica(relay: Relay, seat: DriverSeat, data: Buffer, binary: boolean, now: number): void {
  const { counters, link } = relay.ports;
  if (!relay.remoteRobotFresh(now)) counters.dropped.robot_offline += 1;
  else if (link.toRobot(relay.robotId, seat.epoch, data, binary)) counters.betweenReplicas += 1;
  else counters.dropped.replicas_apart += 1;
}

/** False when the request is answered already and must not reach the robot. */
function mayAskRobot(relay: Relay, seat: DriverSeat, token: string, now: number): boolean {
  const rightToken = sha256Hex(token) === seat.turn.tokenHash;
  const asked = relay.robotConnected(now) && seat.locks.ask(now, rightToken ? 'lock_granted' : 'busy');
  if (!asked) answerLock(seat, 'busy');
  return asked;
}

function delayOf({ delays }: RemoteSeat, from: string): PathDelay {
  let delay = delays.get(from);
  if (delay === undefined) delays.set(from, (delay = new PathDelay()));
  return delay;
}
