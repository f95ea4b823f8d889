import { eventSubject, type EventDeclaration, type ServiceName } from '@teleop/contracts';
import type { OutboxPort, TraceCarrier } from '../ports';
import type { Tx } from '../tx';

/** Where a service writes its facts, in the transaction of the change they tell of. */
export class Outbox<Owner extends ServiceName> {
  #wake: () => void = () => undefined;

  constructor(
    private readonly store: OutboxPort,
    private readonly trace: TraceCarrier,
  ) {}

  /**
   * Only the event's owner may announce it, with its whole payload: anything else does not compile. Throws RangeError,
   * and so undoes the change, when the payload has a value that the event's subject cannot carry.
   */
  async append<P extends object>(
    tx: Tx,
    event: EventDeclaration<Owner, P>,
    payload: NoInfer<P>,
  ): Promise<void> {
    eventSubject<P>(event, payload);
    await this.store.append(tx, event.name, payload, this.trace.current());
  }

  /**
   * What `append` would write, for a statement that makes the change and tells of it at once: the values of the outbox's
   * columns `event`, `payload` and `trace`. Throws RangeError likewise.
   */
  row<P extends object>(
    event: EventDeclaration<Owner, P>,
    payload: NoInfer<P>,
  ): readonly [event: string, payload: string, trace: string | null] {
    eventSubject<P>(event, payload);
    return [event.name, JSON.stringify(payload), this.trace.current() ?? null];
  }

  /** Tells the relay that something was committed; without it the relay finds it at its next look. */
  poke(): void {
    this.#wake();
  }

  /** The relay's side of `poke`. */
  onPoke(wake: () => void): void {
    this.#wake = wake;
  }
}
