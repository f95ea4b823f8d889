import { DriverSeat } from './driver-seat';
import { answerLock } from './frame-path';
import type { Relay } from './relay';

/** What happens by the passing of time alone: ends of turns, deadmen, lost seats, owed answers, heartbeats. */
export function safetyTick(relay: Relay, now: number): void {
  const { limits } = relay.ports;
  relay.checkTurn(now);
  if (relay.remoteSeat !== undefined && now - relay.remoteSeat.heardAt > limits.seatLostMs) {
    relay.dropRemoteSeat('seat_lost');
  }
  if (relay.deadman.due(now)) relay.stopRobot('deadman');
  if (relay.remoteRobot !== undefined && !relay.remoteRobotFresh(now)) relay.remoteRobot = undefined;
  tickSeat(relay, now);
  tickRobot(relay, now);
}

/** Milliseconds of silence to be reported, or undefined. */
export function silenceOf(relay: Relay, now: number): number | undefined {
  const { watched } = relay;
  if (watched === undefined) return undefined;
  const silentMs = now - watched.lastFrameAt;
  return silentMs >= relay.ports.limits.inactiveMs ? silentMs : undefined;
}

function tickSeat(relay: Relay, now: number): void {
  const { seat } = relay;
  if (seat === undefined) return;
  if (seat instanceof DriverSeat) for (const answer of seat.locks.due(now)) answerLock(seat, answer);
  // With the robot here nobody else needs to know; the robot's own replica, wherever it is, lives by this.
  if (relay.robot !== undefined || now - seat.announcedAt < relay.ports.limits.seatHeartbeatMs) return;
  relay.announceSeat(now);
}

function tickRobot(relay: Relay, now: number): void {
  const { robot } = relay;
  if (robot === undefined || now - robot.announcedAt < relay.ports.limits.robotPresenceMs) return;
  relay.announceRobot(now);
}
