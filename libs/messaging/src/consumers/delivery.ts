import { isOperational, validate } from '@teleop/contracts';
import type { JsMsg } from '@nats-io/jetstream';
import { Poison, Retry } from '../errors';
import type { ConsumerMetadata } from '../handlers/decorators';
import { HEADERS } from '../wire';
import { bury, eventIdOf } from './bury';
import type { ConsumerDeps, ConsumerHandler } from './consumer-deps';
import { unlessClosed } from './unless-closed';

/** What happens to one delivery of a message: applied and acknowledged, tried again later, or dead-lettered. */
export class Deliveries {
  constructor(
    private readonly metadata: ConsumerMetadata,
    private readonly durable: string,
    private readonly handle: ConsumerHandler,
    private readonly deps: ConsumerDeps,
  ) {}

  /** Never throws. */
  async take(message: JsMsg): Promise<void> {
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1_000;
    // Work that takes longer than the server waits for would be given to somebody else in the meantime.
    const beat = setInterval(
      () => unlessClosed(() => message.working()),
      this.metadata.event.delivery.ackWaitMs / 3,
    );
    try {
      const applied = await this.apply(message);
      await this.acknowledge(message);
      this.deps.observer.consumed(this.metadata.name, applied ? 'applied' : 'duplicate', seconds());
    } catch (error) {
      const outcome = await this.fail(message, error);
      this.deps.observer.consumed(this.metadata.name, outcome, seconds());
    } finally {
      clearInterval(beat);
    }
  }

  private apply(message: JsMsg): Promise<boolean> {
    const parent = message.headers?.get(HEADERS.trace) || undefined;
    return this.deps.trace.run(parent, async () => {
      const payload = this.parse(message);
      const eventId = eventIdOf(message);
      if (eventId === undefined) throw new Poison('the message carries no id');
      return this.deps.inbox.once(this.metadata.name, eventId, (tx) =>
        this.handle(payload, {
          tx,
          eventId,
          deliveryCount: message.info.deliveryCount,
          occurredAt: message.headers?.get(HEADERS.occurredAt) || message.time.toISOString(),
        }),
      );
    });
  }

  private parse(message: JsMsg): object {
    let body: unknown;
    try {
      body = message.json();
    } catch (error) {
      throw new Poison('the payload is not JSON', { cause: error });
    }
    const checked = validate(this.metadata.event.payload, body);
    if (checked.ok) return checked.value;
    const faults = checked.errors.map(({ path, message: why }) => `${path || 'payload'}: ${why}`);
    throw new Poison(`the payload does not hold its contract: ${faults.join('; ')}`);
  }

  private async acknowledge(message: JsMsg): Promise<void> {
    try {
      await message.ackAck({ timeout: this.deps.settings.ackTimeoutMs });
    } catch (error) {
      // The effect is committed: the message comes again, and the inbox knows it.
      this.deps.log.warn({ err: error, consumer: this.durable }, 'acknowledgement not confirmed');
    }
  }

  private async fail(message: JsMsg, thrown: unknown): Promise<'dead' | 'retried'> {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const { deliveryCount } = message.info;
    const fields = { err: error, consumer: this.durable, subject: message.subject, deliveryCount };
    const last = deliveryCount >= this.metadata.event.delivery.maxDeliver;
    // However long an outage lasts, no message is given up for it.
    if (error instanceof Poison || (last && !isOperational(error))) {
      try {
        const consumer = { name: this.metadata.name, durable: this.durable };
        await this.deps.nats.whileUp(() => bury(message, error, consumer, this.deps));
        this.deps.log.error(fields, 'message dead-lettered');
        return 'dead';
      } catch (buryError) {
        this.deps.log.error({ ...fields, buryError }, 'dead letter could not be stored; the message stays');
      }
    }
    const delayMs = this.delay(error, deliveryCount);
    unlessClosed(() => message.nak(delayMs));
    this.deps.log.warn({ ...fields, delayMs }, 'message failed; it will be delivered again');
    return 'retried';
  }

  private delay(error: Error, deliveryCount: number): number {
    const { backoffMs } = this.metadata.event.delivery;
    const planned = backoffMs[Math.min(deliveryCount, backoffMs.length) - 1] ?? 1_000;
    if (error instanceof Retry && error.delayMs !== undefined) return error.delayMs;
    return isOperational(error) ? Math.min(planned, this.deps.settings.outageRetryMs) : planned;
  }
}
