import { Inject, Injectable } from '@nestjs/common';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { PairingConfig } from '../config';
import type { Side } from '../sessions/side';
import { ReplicaAbsent } from './replica-errors';
import { ReplicaLink } from './replica-link';

/** Having lost NATS itself, a replica needs a moment to listen again. */
const AFTER_RECONNECT_MS = 3_000;
const ABSENT_IN_A_ROW = 2;
const ASK_AGAIN_MS = 150;

interface Watched {
  readonly sides: Set<Side>;
  absent: number;
  answeredAt: number;
  asking: boolean;
}

/**
 * Looks after the replicas that hold the other side of a session that is here. NATS says at once that nobody listens for one whose
 * process is gone, however busy the machine is; silence alone is believed only after REPLICA_ANSWER_MS.
 */
@Injectable()
export class ReplicaWatch {
  readonly #watched = new Map<string, Watched>();
  readonly #gone = new Set<string>();
  #lost: (side: Side) => void = () => undefined;
  #reconnectedAt = -Infinity;

  constructor(
    private readonly link: ReplicaLink,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: PairingConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** `lost`: the replica of the side's other side is gone. Returns the way to stop. */
  start(lost: (side: Side) => void): () => void {
    this.#lost = lost;
    const timer = setInterval(() => this.round(), this.config.REPLICA_PROBE_MS);
    const stop = this.link.onStatus((up) => {
      if (up) this.#reconnectedAt = this.clock.monotonic();
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }

  add(replica: string, side: Side): void {
    let watched = this.#watched.get(replica);
    if (watched === undefined) {
      watched = { sides: new Set(), absent: 0, answeredAt: this.clock.monotonic(), asking: false };
      this.#watched.set(replica, watched);
    }
    watched.sides.add(side);
  }

  remove(replica: string, side: Side): void {
    const watched = this.#watched.get(replica);
    watched?.sides.delete(side);
    if (watched?.sides.size === 0) this.#watched.delete(replica);
  }

  /** A replica's name is never used again. */
  isGone(replica: string): boolean {
    return this.#gone.has(replica);
  }

  /** The other side of this one was not there any more. */
  lost(side: Side): void {
    if (side.phase !== 'ended') this.#lost(side);
  }

  private round(): void {
    for (const [replica, watched] of this.#watched) {
      if (!watched.asking) void this.probe(replica, watched);
    }
  }

  private again(replica: string, watched: Watched): void {
    if (this.#watched.get(replica) === watched && !watched.asking) void this.probe(replica, watched);
  }

  private async probe(replica: string, watched: Watched): Promise<void> {
    watched.asking = true;
    try {
      // Short: one that was asked in the moment it died would keep us waiting for nothing.
      await this.link.ask(replica, { op: 'probe' }, undefined, this.config.REPLICA_PROBE_MS);
      watched.absent = 0;
      watched.answeredAt = this.clock.monotonic();
    } catch (error) {
      this.unanswered(replica, watched, error instanceof ReplicaAbsent);
    } finally {
      watched.asking = false;
    }
  }

  private unanswered(replica: string, watched: Watched, absent: boolean): void {
    const now = this.clock.monotonic();
    watched.absent = absent && now - this.#reconnectedAt > AFTER_RECONNECT_MS ? watched.absent + 1 : 0;
    const silentMs = now - watched.answeredAt;
    const gone =
      watched.absent >= ABSENT_IN_A_ROW || silentMs >= this.config.REPLICA_ANSWER_MS + AFTER_RECONNECT_MS;
    if (!gone) {
      if (watched.absent > 0) setTimeout(() => this.again(replica, watched), ASK_AGAIN_MS).unref();
      return;
    }
    this.log.warn({ replica, absent, sessions: watched.sides.size }, 'a replica is gone; its sessions end');
    this.#gone.add(replica);
    this.#watched.delete(replica);
    for (const side of [...watched.sides]) this.lost(side);
  }
}
