import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, InjectConfig } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { isPresenceOfSeat, type Presence } from '../replicas/presence-message';
import { NatsReplicaLink } from '../replicas/nats-replica-link';
import { LeaseBook } from '../lease/lease-book';
import { TurnBook } from '../turns/turn-book';
import { FrameCounters } from './frame-counters';
import type { RelayPorts } from './relay-ports';
import { Relay } from './relay';
import { relayLimits } from './relay-ports';
import type { RobotPeer } from './robot-peer';

/** The relays of the robots and drivers of which this replica knows. */
@Injectable()
export class Relays implements OnApplicationBootstrap {
  readonly counters = new FrameCounters();
  readonly ports: RelayPorts;
  readonly #relays = new Map<string, Relay>();
  readonly #robotListeners: ((robotId: string, data: Buffer) => void)[] = [];
  readonly #taughtListeners: ((robotId: string, robot: RobotPeer, data: Buffer) => void)[] = [];
  #newestGeneration = 0;

  constructor(
    clock: Clock,
    @InjectConfig() config: RobotsConfig,
    private readonly link: NatsReplicaLink,
    private readonly book: TurnBook,
    private readonly leases: LeaseBook,
  ) {
    this.ports = {
      now: () => clock.monotonic(),
      limits: relayLimits(config),
      counters: this.counters,
      link,
      turnOf: (robotId) => book.of(robotId),
      leaseOf: (robotId) => leases.of(robotId),
      wallClock: () => clock.now(),
      robotSaid: (robotId, data) => {
        for (const listener of this.#robotListeners) listener(robotId, data);
      },
      robotTaught: (robotId, robot, data) => {
        for (const listener of this.#taughtListeners) listener(robotId, robot, data);
      },
    };
  }

  onApplicationBootstrap(): void {
    this.book.onChange((robotId) => this.find(robotId)?.checkTurn(this.ports.now()));
    this.leases.onChange((robotId, lease) => this.find(robotId)?.leaseChanged(lease));
    this.link.onPresence((presence) => this.heard(presence));
  }

  of(robotId: string): Relay {
    let relay = this.#relays.get(robotId);
    if (relay === undefined) {
      relay = new Relay(robotId, this.ports);
      this.#relays.set(robotId, relay);
      // What was heard of the lease while nobody was here holds; sessions bring their epoch themselves.
      const lease = this.leases.of(robotId);
      if (lease !== undefined && lease.kind !== 'session') relay.raiseFence(lease.epoch);
    }
    return relay;
  }

  find(robotId: string): Relay | undefined {
    return this.#relays.get(robotId);
  }

  /** Acknowledgements and events that robots send over their sockets here; not yet parsed. */
  onRobotSaid(listener: (robotId: string, data: Buffer) => void): void {
    this.#robotListeners.push(listener);
  }

  /** What robots that are taught say of their state; not yet parsed, and 50 times a second. */
  onRobotTaught(listener: (robotId: string, robot: RobotPeer, data: Buffer) => void): void {
    this.#taughtListeners.push(listener);
  }

  all(): IterableIterator<Relay> {
    return this.#relays.values();
  }

  forget(relay: Relay): void {
    this.#relays.delete(relay.robotId);
  }

  /**
   * A number above every generation heard of, so that the newest socket of a robot wins on all replicas. Wall time is
   * only where a fresh process starts counting; the random digits keep two that start together apart.
   */
  nextGeneration(): number {
    const seed = Date.now() * 1_000 + Math.floor(Math.random() * 1_000);
    this.#newestGeneration = Math.max(this.#newestGeneration + 1, seed);
    return this.#newestGeneration;
  }

  private heard(presence: Presence): void {
    const { robotId } = presence;
    if (presence.kind === 'who') {
      this.find(robotId)?.announceRobot(this.ports.now());
      return;
    }
    if (isPresenceOfSeat(presence)) {
      if (presence.state === 'gone') {
        this.find(robotId)?.heardSeatGone(presence.epoch);
        return;
      }
      const { replica, epoch } = presence;
      if ('manual' in presence) {
        this.of(robotId).heardSeat({ replica, epoch, tenure: presence.manual });
        return;
      }
      const deadline = this.ports.now() + presence.remainingMs;
      // Only when it is new: what this replica knows of the turn was not carried around by way of another.
      if (this.book.of(robotId)?.turn !== presence.turn.turn) {
        this.book.learn(robotId, { ...presence.turn, kind: 'activated', deadline });
      }
      this.of(robotId).heardSeat({ replica, epoch, tenure: { kind: 'session', turn: presence.turn } });
      return;
    }
    this.#newestGeneration = Math.max(this.#newestGeneration, presence.generation);
    if (presence.state === 'here') this.of(robotId).heardRobot(presence);
    else this.find(robotId)?.heardRobotGone(presence.generation);
  }
}
