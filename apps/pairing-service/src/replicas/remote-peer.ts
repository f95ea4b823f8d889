import type { DeliveryKind, PeerLink } from '../sessions/peer-link';
import { ReplicaAbsent, ReplicaSilent } from './replica-errors';
import type { ReplicaMessage, ReplicaReply } from './replica-message';

/** What goes between replicas in one question. */
interface Piece {
  readonly message: ReplicaMessage;
  readonly body: Buffer;
  /** Nothing comes after it. */
  readonly isEnd: boolean;
  answered: boolean;
}

export interface RemotePeerPorts {
  /** Throws when there is no answer; the same may be asked again. */
  readonly ask: (message: ReplicaMessage, body: Buffer) => Promise<ReplicaReply>;
  readonly isGone: () => boolean;
  /** The other replica does not hold the other side (any more). */
  readonly lost: () => void;
  /** Too much is on its way: the client's socket should not be read for now; false: it may be again. */
  readonly hold: (held: boolean) => void;
}

export interface RemotePeerOptions {
  readonly replica: string;
  readonly to: { readonly session: string; readonly role: 'device' | 'app' };
  readonly chunkBytes: number;
  readonly windowBytes: number;
  /** Before what went astray is sent again. */
  readonly retryMs: number;
}

const MAX_UNDER_WAY = 64;

/**
 * The other side is on another replica. Pieces are numbered, a few are under way at a time, and each is kept until it was answered
 * for; when one goes astray, all from the first unanswered one on are sent again, and the other replica knows what it had. So nothing is
 * lost, doubled or overtaken, whatever NATS does. What piles up holds the sender's socket back.
 */
export class RemotePeer implements PeerLink {
  /** Not answered for yet, the oldest first; the first `#asked` of them are under way. */
  readonly #pieces: Piece[] = [];
  #asked = 0;
  #askedBytes = 0;
  #waitingBytes = 0;
  #n = 0;
  /** Counts the times that everything was sent again: what an earlier time's questions come to is of no interest. */
  #round = 0;
  #pausing = false;
  #held = false;
  #closed = false;
  #idle: Promise<void> = Promise.resolve();
  #becameIdle: () => void = () => undefined;

  constructor(
    private readonly options: RemotePeerOptions,
    private readonly ports: RemotePeerPorts,
  ) {}

  get replica(): string {
    return this.options.replica;
  }

  /** Resolves when everything that was handed over has arrived, or cannot. */
  get idle(): Promise<void> {
    return this.#idle;
  }

  deliver(kind: DeliveryKind, seq: number, data: Buffer | string): void {
    if (typeof data === 'string') this.push(kind, seq, Buffer.from(data), true);
    else this.push(kind, seq, data, false);
  }

  end(reason: string): void {
    this.push('end', 0, Buffer.from(reason), true);
  }

  close(): void {
    this.#closed = true;
    this.#pieces.length = 0;
    this.hold(false);
    this.#becameIdle();
  }

  private push(kind: DeliveryKind | 'end', seq: number, data: Buffer, text: boolean): void {
    if (this.#closed) return;
    const { to, chunkBytes, windowBytes } = this.options;
    if (this.#pieces.length === 0) this.#idle = new Promise((resolve) => (this.#becameIdle = resolve));
    this.#n += 1;
    const parts = Math.max(1, Math.ceil(data.length / chunkBytes));
    for (let part = 0; part < parts; part += 1) {
      const message: ReplicaMessage = { op: 'deliver', ...to, n: this.#n, kind, seq, part, parts, text };
      const body = data.subarray(part * chunkBytes, (part + 1) * chunkBytes);
      this.#pieces.push({ message, body, isEnd: kind === 'end', answered: false });
    }
    this.#waitingBytes += data.length;
    if (this.#waitingBytes > windowBytes) this.hold(true);
    this.pump();
  }

  private hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    this.ports.hold(held);
  }

  private pump(): void {
    while (!this.#closed && !this.#pausing && this.mayAsk()) {
      const piece = this.#pieces[this.#asked] as Piece;
      this.#asked += 1;
      this.#askedBytes += piece.body.length;
      void this.ask(piece, this.#round);
    }
  }

  private mayAsk(): boolean {
    if (this.#asked === this.#pieces.length || this.#asked >= MAX_UNDER_WAY) return false;
    return this.#asked === 0 || this.#askedBytes < this.options.windowBytes / 2;
  }

  private async ask(piece: Piece, round: number): Promise<void> {
    let reply: ReplicaReply;
    try {
      reply = await this.ports.ask(piece.message, piece.body);
    } catch (error) {
      if (!(error instanceof ReplicaAbsent || error instanceof ReplicaSilent)) throw error;
      return this.again(round);
    }
    if (reply.refused === 'OUT_OF_ORDER') this.again(round);
    else if (reply.refused !== undefined) this.giveUp();
    else this.answered(piece);
  }

  private answered(piece: Piece): void {
    piece.answered = true;
    for (let first = this.#pieces[0]; first?.answered; first = this.#pieces[0]) {
      this.#pieces.shift();
      this.#waitingBytes -= first.body.length;
      if (this.#asked > 0) {
        this.#asked -= 1;
        this.#askedBytes -= first.body.length;
      }
      if (first.isEnd) return this.close();
    }
    if (this.#waitingBytes <= this.options.windowBytes / 2) this.hold(false);
    if (this.#pieces.length === 0) this.#becameIdle();
    this.pump();
  }

  /** Whether the replica is gone for good is not ours to decide; until then everything unanswered is sent again. */
  private again(round: number): void {
    if (this.#closed || round !== this.#round) return;
    if (this.ports.isGone()) return this.giveUp();
    this.#round += 1;
    this.#asked = this.#askedBytes = 0;
    this.#pausing = true;
    setTimeout(() => {
      this.#pausing = false;
      if (!this.#closed && this.ports.isGone()) this.giveUp();
      else this.pump();
    }, this.options.retryMs);
  }

  private giveUp(): void {
    if (this.#closed) return;
    this.close();
    this.ports.lost();
  }
}
