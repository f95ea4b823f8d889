import type { EventDeclaration } from '@teleop/contracts';
import type { NatsConnection } from '../connection/nats-connection';
import type { MessagingLog, MessagingObserver, OutboxLeasePort, OutboxMessage } from '../ports';
import { letterOf, type Letter } from './letter';

const DEFAULT_MAX_PAYLOAD = 1024 * 1024;

/** Publishes outbox rows all at once, yet in their order, and removes what JetStream has acknowledged. */
export class BatchPublisher {
  readonly #setAside = new Set<string>();

  constructor(
    private readonly events: ReadonlyMap<string, EventDeclaration>,
    private readonly nats: NatsConnection,
    private readonly log: MessagingLog,
    private readonly observer: MessagingObserver,
  ) {}

  /**
   * Rows that cannot be sent, by a bug of whoever wrote them. They stay in the table, where their age shows in the
   * metrics, and must not hold up the rows behind them; the next process tries them again.
   */
  get setAside(): readonly string[] {
    return [...this.#setAside];
  }

  /** Throws when not everything was sent; what was sent is removed all the same. */
  async publish(lease: OutboxLeasePort, rows: readonly OutboxMessage[]): Promise<void> {
    const letters = rows.flatMap((row) => this.letter(row) ?? []);
    const newest = new Map(letters.map((letter) => [letter.subject, letter.id]));
    const superseded = (letter: Letter) =>
      letter.event.delivery.latestOnly && newest.get(letter.subject) !== letter.id;
    const due = letters.filter((letter) => !superseded(letter));
    const results = await this.nats.whileUp(() => Promise.allSettled(this.send(due)));
    const sent = due.filter((_, index) => results[index]?.status === 'fulfilled');
    const done = [...letters.filter(superseded), ...sent].map(({ id }) => id);
    if (done.length > 0) await lease.remove(done);
    for (const { event } of sent) this.observer.published(event.name, 1);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /**
   * Each but the first expects the one before it to be the last in the stream: when one gets lost, those behind it are
   * refused rather than stored before it. A repeated one is told by its id before that is looked at.
   */
  private send(letters: readonly Letter[]): Promise<unknown>[] {
    const { js } = this.nats;
    const last = new Map<string, string>();
    return letters.map((letter) => {
      const before = last.get(letter.stream);
      last.set(letter.stream, letter.id);
      return js.publish(letter.subject, letter.body, {
        msgID: letter.id,
        headers: letter.headers,
        ...(before !== undefined && { expect: { lastMsgID: before } }),
      });
    });
  }

  private letter(row: OutboxMessage): Letter | undefined {
    const event = this.events.get(row.event);
    if (event === undefined) return undefined;
    try {
      return letterOf(event, row, this.nats.nc.info?.max_payload ?? DEFAULT_MAX_PAYLOAD);
    } catch (error) {
      this.#setAside.add(row.id);
      this.log.error({ err: error, outboxId: row.id, event: row.event }, 'an outbox row cannot be sent');
      return undefined;
    }
  }
}
