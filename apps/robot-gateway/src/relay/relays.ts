import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, InjectConfig } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { isPresenceOfSeat, type Presence } from '../replicas/presence-message';
import { NatsReplicaLink } from '../replicas/nats-replica-link';
import { TurnBook } from '../turns/turn-book';
import { FrameCounters } from './frame-counters';
import type { RelayPorts } from './relay-ports';
import { Relay } from './relay';
import { relayLimits } from './relay-ports';

/** The relays of the robots and drivers of which this replica knows. */
@Injectable()
export class Relays implements OnApplicationBootstrap {
  readonly counters = new FrameCounters();
  readonly ports: RelayPorts;
  readonly #relays = new Map<string, Relay>();
  #newestGeneration = 0;

  constructor(
    clock: Clock,
    @InjectConfig() config: RobotsConfig,
    private readonly link: NatsReplicaLink,
    private readonly book: TurnBook,
  ) {
    this.ports = {
      now: () => clock.monotonic(),
      limits: relayLimits(config),
      counters: this.counters,
      link,
      turnOf: (robotId) => book.of(robotId),
    };
  }

  onApplicationBootstrap(): void {
    this.book.onChange((robotId) => this.find(robotId)?.checkTurn(this.ports.now()));
    this.link.onPresence((presence) => this.heard(presence));
  }

  of(robotId: string): Relay {
    let relay = this.#relays.get(robotId);
    if (relay === undefined) {
      relay = new Relay(robotId, this.ports);
      this.#relays.set(robotId, relay);
    }
    return relay;
  }

  find(robotId: string): Relay | undefined {
    return this.#relays.get(robotId);
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
      const deadline = this.ports.now() + presence.remainingMs;
      // Only when it is new: what this replica knows of the turn was not carried around by way of another.
      if (this.book.of(robotId)?.turn !== presence.turn.turn) {
        this.book.learn(robotId, { ...presence.turn, kind: 'activated', deadline });
      }
      this.of(robotId).heardSeat(presence);
      return;
    }
    this.#newestGeneration = Math.max(this.#newestGeneration, presence.generation);
    if (presence.state === 'here') this.of(robotId).heardRobot(presence);
    else this.find(robotId)?.heardRobotGone(presence.generation);
  }
}
