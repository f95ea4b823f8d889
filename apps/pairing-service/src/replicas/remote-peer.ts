import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryKind, PeerLink } from '../sessions/peer-link';
import { ReplicaAbsent, ReplicaSilent } from './replica-errors';
import type { ReplicaMessage, ReplicaReply } from './replica-message';

interface Item {
  readonly kind: DeliveryKind | 'end';
  readonly seq: number;
  readonly data: Buffer;
  readonly text: boolean;
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
}

const RETRY_MS = 100;

/**
 * The other side is on another replica. One piece is under way at a time and is sent again until it was answered for, so that
 * nothing is lost, doubled or overtaken, whatever NATS does; meanwhile the sender's socket is held back, not its bytes piled up.
 */
export class RemotePeer implements PeerLink {
  readonly #queue: Item[] = [];
  #waitingBytes = 0;
  #n = 0;
  #pumping = false;
  #held = false;
  #closed = false;
  #idle: Promise<void> = Promise.resolve();

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
    const text = typeof data === 'string';
    this.push({ kind, seq, data: text ? Buffer.from(data) : data, text });
  }

  end(reason: string): void {
    this.push({ kind: 'end', seq: 0, data: Buffer.from(reason), text: true });
  }

  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    this.hold(false);
  }

  private push(item: Item): void {
    if (this.#closed) return;
    this.#queue.push(item);
    this.#waitingBytes += item.data.length;
    if (this.#waitingBytes > this.options.windowBytes) this.hold(true);
    if (!this.#pumping) this.#idle = this.pump();
  }

  private hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    this.ports.hold(held);
  }

  private async pump(): Promise<void> {
    this.#pumping = true;
    for (let item = this.#queue[0]; item !== undefined && !this.#closed; item = this.#queue[0]) {
      this.#n += 1;
      if (!(await this.send(item))) {
        this.close();
        this.ports.lost();
        break;
      }
      this.#queue.shift();
      this.#waitingBytes -= item.data.length;
      if (this.#waitingBytes <= this.options.windowBytes / 2) this.hold(false);
      if (item.kind === 'end') this.close();
    }
    this.#pumping = false;
  }

  private async send({ kind, seq, data, text }: Item): Promise<boolean> {
    const { to, chunkBytes } = this.options;
    const parts = Math.max(1, Math.ceil(data.length / chunkBytes));
    for (let part = 0; part < parts; part += 1) {
      const message: ReplicaMessage = { op: 'deliver', ...to, n: this.#n, kind, seq, part, parts, text };
      const reply = await this.untilAnswered(
        message,
        data.subarray(part * chunkBytes, (part + 1) * chunkBytes),
      );
      if (reply === undefined || reply.refused !== undefined) return false;
    }
    return true;
  }

  private async untilAnswered(message: ReplicaMessage, body: Buffer): Promise<ReplicaReply | undefined> {
    while (!this.#closed && !this.ports.isGone()) {
      try {
        return await this.ports.ask(message, body);
      } catch (error) {
        if (!(error instanceof ReplicaAbsent || error instanceof ReplicaSilent)) throw error;
        // Whether the replica is gone for good is not ours to decide; until then it is asked again.
        await sleep(RETRY_MS);
      }
    }
    return undefined;
  }
}
