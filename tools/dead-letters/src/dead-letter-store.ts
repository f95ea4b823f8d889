import { deadLetterSubject } from '@teleop/contracts';
import { HEADERS, type NatsConnection } from '@teleop/messaging';
import { headers } from '@nats-io/nats-core';
import type { JetStreamManager, MsgRequest } from '@nats-io/jetstream';
import { deadLetterOf, type DeadLetter } from './dead-letter';
import type { Selection } from './options';

const STREAM = 'DEAD_LETTERS';
const EVERY = deadLetterSubject('*', '>');

/** A dead letter that cannot be replayed; the message says why. It stays where it is. */
export class NotReplayable extends Error {
  override readonly name = 'NotReplayable';
}

/** The stream of dead letters, oldest first. */
export class DeadLetterStore {
  constructor(private readonly nats: NatsConnection) {}

  /** One round trip a letter: they are few, or something else is wrong. */
  async *select({ id, consumer }: Selection = {}): AsyncGenerator<DeadLetter> {
    const manager = await this.nats.manager();
    const last = await lastSequence(manager);
    for (let seq = 1; seq <= last;) {
      // The next that is still there: the server knows `next_by_subj` since 2.4, the client's types do not.
      const next = { seq, next_by_subj: EVERY } as MsgRequest;
      const message = await manager.streams.getMessage(STREAM, next);
      if (message === null || message.seq > last) return;
      seq = message.seq + 1;
      const letter = deadLetterOf(message);
      if (isWanted(letter, id, consumer)) yield letter;
    }
  }

  /**
   * Publishes it where it was published first, as a new message with the event's own id: consumers that had applied it
   * know it. It is removed once the stream has acknowledged that; a crash in between leaves it, and replaying it again
   * does no harm.
   */
  async replay(letter: DeadLetter): Promise<void> {
    if (letter.subject === undefined) throw new NotReplayable('it does not say where it was published');
    if (letter.eventId === '') throw new NotReplayable('it carries no event id');
    await this.publish(letter, letter.subject);
    await this.drop(letter);
  }

  async drop(letter: DeadLetter): Promise<void> {
    await (await this.nats.manager()).streams.deleteMessage(STREAM, letter.id);
  }

  private async publish(letter: DeadLetter, subject: string): Promise<void> {
    try {
      await this.nats.js.publish(subject, letter.data, {
        msgID: `replay:${letter.id}:${letter.storedAt.toISOString()}`,
        headers: originalHeaders(letter),
      });
    } catch (error) {
      // The client's word for a subject that nobody takes; that JetStream is there we know, the letter came from it.
      if ((error as Error).name !== 'JetStreamNotEnabled') throw error;
      throw new NotReplayable(`no stream takes ${subject}`, { cause: error });
    }
  }
}

/** 0 when no message was ever dead-lettered. */
async function lastSequence(manager: JetStreamManager): Promise<number> {
  try {
    return (await manager.streams.info(STREAM)).state.last_seq;
  } catch (error) {
    if ((error as Error).name === 'StreamNotFoundError') return 0;
    throw error;
  }
}

function isWanted(letter: DeadLetter, id: string | undefined, consumer: string | undefined): boolean {
  if (id !== undefined && id !== String(letter.id) && id !== letter.eventId) return false;
  return consumer === undefined || letter.consumer === consumer || letter.consumer.endsWith(`__${consumer}`);
}

function originalHeaders(letter: DeadLetter) {
  const dead: readonly string[] = [
    HEADERS.deadSubject,
    HEADERS.deadReason,
    HEADERS.deadConsumer,
    HEADERS.deadAt,
    HEADERS.deadDeliveries,
  ];
  const h = headers();
  for (const key of letter.headers.keys()) {
    if (!dead.includes(key) && !key.startsWith('Nats-')) h.set(key, letter.headers.get(key));
  }
  return h;
}
