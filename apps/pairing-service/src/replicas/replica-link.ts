import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RequestError, type Msg } from '@nats-io/transport-node';
import { pairingReplicaSubject } from '@teleop/contracts';
import { NatsConnection } from '@teleop/messaging';
import { InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { PairingConfig } from '../config';
import { ReplicaAbsent, ReplicaSilent } from './replica-errors';
import { decodeMessage, encodeMessage, type ReplicaMessage, type ReplicaReply } from './replica-message';

export type ReplicaHandler = (message: ReplicaMessage, body: Buffer) => ReplicaReply | Promise<ReplicaReply>;

/** Questions and answers between replicas over core NATS. What one asks of itself does not leave the process. */
@Injectable()
export class ReplicaLink {
  readonly replica = randomUUID();
  #handler: ReplicaHandler = () => ({ refused: 'FAILED' });
  #stop: () => void = () => undefined;

  constructor(
    private readonly nats: NatsConnection,
    @InjectConfig() private readonly config: PairingConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Resolves when the server knows that we listen. */
  async listen(handler: ReplicaHandler): Promise<void> {
    this.#handler = handler;
    const subscription = this.nats.nc.subscribe(pairingReplicaSubject(this.replica), {
      callback: (error, message) => {
        if (error === null) void this.answer(message);
        else this.log.error({ err: error }, 'subscription between replicas failed');
      },
    });
    this.#stop = () => subscription.unsubscribe();
    await this.nats.nc.flush();
  }

  close(): void {
    this.#stop();
  }

  get connected(): boolean {
    return this.nats.connected;
  }

  onStatus(listener: (up: boolean) => void): () => void {
    return this.nats.onStatus(listener);
  }

  /** Throws ReplicaAbsent or ReplicaSilent. */
  async ask(
    replica: string,
    message: ReplicaMessage,
    body?: Buffer,
    timeoutMs?: number,
  ): Promise<ReplicaReply> {
    if (replica === this.replica) return this.handle(message, body ?? Buffer.alloc(0));
    const subject = pairingReplicaSubject(replica);
    const timeout = timeoutMs ?? this.config.REPLICA_ANSWER_MS;
    try {
      const reply = await this.nats.whileUp(() =>
        this.nats.nc.request(subject, encodeMessage(message, body), { timeout }),
      );
      return reply.json<ReplicaReply>();
    } catch (error) {
      const absent = error instanceof RequestError && error.isNoResponders();
      throw absent
        ? new ReplicaAbsent('no such replica', { cause: error })
        : new ReplicaSilent('no answer from a replica', { cause: error });
    }
  }

  private async answer(message: Msg): Promise<void> {
    const decoded = decodeMessage(message.data);
    const reply: ReplicaReply =
      decoded === undefined ? { refused: 'FAILED' } : await this.handle(decoded.message, decoded.body);
    message.respond(JSON.stringify(reply));
  }

  private async handle(message: ReplicaMessage, body: Buffer): Promise<ReplicaReply> {
    try {
      return await this.#handler(message, body);
    } catch (error) {
      // The one who asked must learn of it; a bug here must not reach the connection, which all share.
      this.log.error({ err: error, op: message.op }, 'a message between replicas could not be handled');
      return { refused: 'FAILED' };
    }
  }
}
