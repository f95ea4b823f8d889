import type { EventDeclaration, ServiceName } from '@teleop/contracts';
import type { OutboxPort, TraceCarrier } from './ports';
import type { Tx } from './tx';

/** Where a service writes its facts, in the transaction of the change they tell of. */
export class Outbox<Owner extends ServiceName> {
  #wake: () => void = () => undefined;

  constructor(
    private readonly store: OutboxPort,
    private readonly trace: TraceCarrier,
  ) {}

  /** Only the event's owner may announce it: another service's event does not compile. */
  async append<P extends object>(tx: Tx, event: EventDeclaration<Owner, P>, payload: P): Promise<void> {
    await this.store.append(tx, event.name, payload, this.trace.current());
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
