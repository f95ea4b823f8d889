import { Injectable } from '@nestjs/common';
import { Clock, InjectConfig } from '@teleop/service-kit';
import { NatsConnection } from '@teleop/messaging';
import type { PairingConfig } from '../config';
import { LocalPeer, type PeerPorts } from '../sessions/local-peer';
import type { PeerLink } from '../sessions/peer-link';
import { OTHER } from '../sessions/role';
import { SessionBook } from '../sessions/session-book';
import type { Side } from '../sessions/side';
import { RemotePeer } from './remote-peer';
import { ReplicaLink } from './replica-link';
import { ReplicaWatch } from './replica-watch';

/** Room for the head of a message below what NATS takes. */
const HEAD_BYTES = 4_096;

export type LinkPorts = Omit<PeerPorts, 'find'>;

/** Makes the way from one side of a session to the other. */
@Injectable()
export class PeerLinks {
  readonly #draining = new Set<Promise<void>>();
  readonly #released = new WeakMap<Side, number>();

  constructor(
    private readonly link: ReplicaLink,
    private readonly watch: ReplicaWatch,
    private readonly nats: NatsConnection,
    private readonly book: SessionBook,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: PairingConfig,
  ) {}

  open(side: Side, replica: string, ports: LinkPorts): PeerLink {
    const { sessionId: session, role } = side.is;
    const to = { session, role: OTHER[role] };
    if (replica === this.link.replica) {
      return new LocalPeer({ ...ports, find: () => this.book.find(session, to.role) });
    }
    this.watch.add(replica, side);
    const options = {
      replica,
      to,
      chunkBytes: this.chunkBytes(),
      windowBytes: this.config.REPLICA_WINDOW_BYTES,
      retryMs: this.config.REPLICA_RETRY_MS,
    };
    return new RemotePeer(options, {
      ask: (message, body) => this.link.ask(replica, message, body),
      // Nobody watches a replica for a session that has ended: its last words are given up in the end.
      isGone: () => this.watch.isGone(replica) || this.isStale(side),
      lost: () => this.watch.lost(side),
      hold: (held) => (held ? side.connection?.pause() : side.connection?.resume()),
    });
  }

  /** The side is no more; what is on its way still goes out. */
  release(side: Side): void {
    const { peer } = side;
    if (!(peer instanceof RemotePeer)) return;
    this.watch.remove(peer.replica, side);
    this.#released.set(side, this.clock.monotonic());
    queueMicrotask(() => {
      const draining = peer.idle.finally(() => this.#draining.delete(draining));
      this.#draining.add(draining);
    });
  }

  /** Resolves when everything on its way to other replicas has arrived, or cannot. */
  async drained(): Promise<void> {
    await Promise.all(this.#draining);
  }

  private isStale(side: Side): boolean {
    const releasedAt = this.#released.get(side);
    return releasedAt !== undefined && this.clock.monotonic() - releasedAt > this.config.REPLICA_ANSWER_MS;
  }

  private chunkBytes(): number {
    const taken = this.nats.nc.info?.max_payload ?? Infinity;
    return Math.max(1, Math.min(this.config.REPLICA_CHUNK_BYTES, taken - HEAD_BYTES));
  }
}
