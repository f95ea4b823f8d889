import { DriverSeat } from '../relay/driver-seat';
import { acceptFromRemoteDriver, driverFrame } from '../relay/frame-path';
import { FrameCounters } from '../relay/frame-counters';
import type { RelayPorts, ReplicaLink } from '../relay/relay-ports';
import { Relay } from '../relay/relay';
import type { RelayLimits } from '../relay/relay-ports';
import type { HolderKind } from '../lease/holder';
import { ManualSeat } from '../relay/manual-seat';
import { RobotPeer } from '../relay/robot-peer';
import { safetyTick } from '../relay/safety-tick';
import { isManualKind } from '../relay/seat';
import type { Wire } from '../relay/wire';
import { newerLease, type LeaseState } from '../lease/lease-state';
import { learn, type TurnFact, type TurnState } from '../turns/turn-state';

export const LIMITS: RelayLimits = {
  deadmanMs: 1_000,
  inactiveMs: 30_000,
  robotBufferBytes: 64 * 1024,
  driverBufferBytes: 64 * 1024,
  driverFramesPerSecond: 10_000,
  robotFramesPerSecond: 10_000,
  floodFramesPerSecond: 10_000,
  maxListeners: 2,
  remoteBytesPerSecond: 1e9,
  lockAnswerMs: 250,
  seatHeartbeatMs: 250,
  seatLostMs: 800,
  robotPresenceMs: 2_000,
  maxLateMs: 400,
};

/** A socket that remembers what was sent. */
export class FakeWire implements Wire {
  readonly sent: string[] = [];
  closed: number | undefined;
  bufferedAmount = 0;

  send(data: Buffer | string): void {
    if (this.closed === undefined) this.sent.push(data.toString());
  }

  close(code: number): void {
    this.closed ??= code;
  }

  terminate(): void {
    this.closed ??= 1006;
  }

  stops(): string[] {
    return this.sent.filter((frame) => frame.includes('DRIVE_COMMAND'));
  }
}

/** One robot's relay on one replica, with messages to the other replicas held until the test delivers them. */
export class Replica {
  readonly relay: Relay;
  turn: TurnState | undefined;
  lease: LeaseState | undefined;
  readonly said: string[] = [];
  readonly taught: string[] = [];
  readonly counters = new FrameCounters();
  /** Messages on their way here: in order from each sender, but senders overtake each other. */
  readonly #inbox = new Map<Replica, (() => void)[]>();

  constructor(
    readonly world: RelayWorld,
    readonly name: string,
  ) {
    const ports: RelayPorts = {
      now: () => world.now,
      limits: LIMITS,
      counters: this.counters,
      link: this.link(),
      turnOf: () => this.turn,
      leaseOf: () => this.lease,
      wallClock: () => Date.UTC(2026, 5) + world.now,
      robotSaid: (_robotId, data) => this.said.push(data.toString()),
      robotTaught: (_robotId, _robot, data) => this.taught.push(data.toString()),
    };
    this.relay = new Relay('arm1', ports);
  }

  hear(fact: TurnFact): void {
    this.turn = learn(this.turn, fact);
    this.relay.checkTurn(this.world.now);
  }

  hearLease(lease: LeaseState): void {
    this.lease = newerLease(this.lease, lease);
    if (this.lease === lease) this.relay.leaseChanged(lease);
  }

  driverFrame(seat: DriverSeat, text: string): void {
    driverFrame(this.relay, seat, Buffer.from(text), false);
  }

  post(sender: Replica, message: () => void): void {
    const queue = this.#inbox.get(sender) ?? [];
    this.#inbox.set(sender, queue);
    queue.push(message);
  }

  /** Delivers the oldest message of one of the senders; false when none is on its way. */
  deliver(which: number): boolean {
    const waiting = [...this.#inbox.values()].filter((queue) => queue.length > 0);
    const message = waiting[which % Math.max(1, waiting.length)]?.shift();
    message?.();
    return message !== undefined;
  }

  tick(): void {
    safetyTick(this.relay, this.world.now);
  }

  private link(): ReplicaLink {
    const toOthers = (deliver: (other: Replica) => void): boolean => {
      for (const other of this.world.replicas) if (other !== this) other.post(this, () => deliver(other));
      return true;
    };
    return {
      seatHere: (_robotId, { epoch, tenure }) =>
        void toOthers((o) => o.relay.heardSeat({ replica: this.name, epoch, tenure })),
      seatGone: (_robotId, epoch) => void toOthers((o) => o.relay.heardSeatGone(epoch)),
      robotHere: (_robotId, generation) =>
        void toOthers((o) => o.relay.heardRobot({ replica: this.name, generation })),
      robotGone: (_robotId, generation) => void toOthers((o) => o.relay.heardRobotGone(generation)),
      toRobot: (_robotId, epoch, data, binary) => {
        const sentAt = this.world.now;
        return toOthers((o) =>
          acceptFromRemoteDriver(o.relay, epoch, sentAt, data, { binary, unsealed: false, from: this.name }),
        );
      },
      toRobotUnsealed: (_robotId, epoch, frame) => {
        const sentAt = this.world.now;
        const kind = { binary: false, unsealed: true, from: this.name };
        return toOthers((o) => acceptFromRemoteDriver(o.relay, epoch, sentAt, Buffer.from(frame), kind));
      },
      toDriver: () => true,
    };
  }
}

/** Several replicas around one robot, and the database's one counter of epochs. */
export class RelayWorld {
  now = 1_000;
  readonly replicas: Replica[] = [];
  #epoch = 0;
  #generation = 0;

  constructor(replicas: number) {
    for (let index = 0; index < replicas; index += 1) this.replicas.push(new Replica(this, `r${index}`));
  }

  /** What the database gives a driver before he is let in. */
  nextEpoch(): number {
    return (this.#epoch += 1);
  }

  attachRobot(replica: Replica): FakeWire {
    const wire = new FakeWire();
    const generation = (this.#generation += 1);
    replica.relay.attach(new RobotPeer(wire, { generation, announcesLease: true, framesPerSecond: 10_000 }));
    return wire;
  }

  seat(
    replica: Replica,
    turn: number,
    epoch = this.nextEpoch(),
  ): { seat: DriverSeat; wire: FakeWire; in: boolean } {
    const wire = new FakeWire();
    const identity = { turn, tokenHash: `h${turn}`, userId: `u${turn}`, expiresAt: 'then' };
    const seat = new DriverSeat(wire, epoch, identity, LIMITS, this.now);
    return { seat, wire, in: replica.relay.sit(seat) };
  }

  /** A change of the lease is committed at one replica, which tells the others. */
  commitLease(replica: Replica, kind: HolderKind, userId: string | null, forMs = Infinity): LeaseState {
    const deadline = this.now + forMs;
    const state: LeaseState = {
      epoch: this.nextEpoch(),
      version: 1,
      kind,
      userId,
      deadline,
      lock: undefined,
    };
    replica.hearLease(state);
    for (const other of this.replicas)
      if (other !== replica) other.post(replica, () => other.hearLease(state));
    return state;
  }

  /** Somebody who holds the lease sends a first frame through this replica. */
  sitByHand(replica: Replica, lease: LeaseState): ManualSeat | undefined {
    const { kind, userId, epoch } = lease;
    if (!isManualKind(kind) || userId === null) return undefined;
    const seat = new ManualSeat(epoch, kind, userId, this.now);
    return replica.relay.sit(seat) ? seat : undefined;
  }

  deliverAll(): void {
    let busy = true;
    while (busy) {
      busy = false;
      for (const replica of this.replicas) busy = replica.deliver(0) || busy;
    }
  }
}

export const activated = (turn: number, deadline = Infinity): TurnFact => ({
  kind: 'activated',
  turn,
  tokenHash: `h${turn}`,
  userId: `u${turn}`,
  expiresAt: 'then',
  deadline,
});
export const ended = (turn: number): TurnFact => ({
  kind: 'ended',
  turn,
  tokenHash: `h${turn}`,
  userId: `u${turn}`,
});
