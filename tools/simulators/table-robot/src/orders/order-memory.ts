export type OrderStatus = 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELED';

export interface OrderRecord {
  readonly id: string;
  status: OrderStatus;
  reason?: string;
  /** Of a step: what its result event names. */
  readonly step?: { readonly taskId: string; readonly stepId: string };
}

const KEEP = 1_000;

/** What became of commands with an id, so that none is executed twice. Survives a loss of power, as flash does. */
export class OrderMemory {
  readonly #orders = new Map<string, OrderRecord>();
  readonly #refusals = new Map<string, string>();
  #last: OrderRecord | undefined;

  begin(record: OrderRecord): OrderRecord {
    this.#last = record;
    return this.add(record);
  }

  /** Of a command that is over as soon as it is obeyed. */
  remember(id: string): void {
    this.add({ id, status: 'DONE' });
  }

  /** A refused command may be sent again and be carried out then; its very copy is answered as it was. */
  decided(id: string, refused: string | undefined): void {
    this.#refusals.delete(id);
    if (refused !== undefined) keepNewest(this.#refusals, id, refused);
  }

  refusal(id: string): string | undefined {
    return this.#refusals.get(id);
  }

  get(id: string | undefined): OrderRecord | undefined {
    return id === undefined ? undefined : this.#orders.get(id);
  }

  /** The newest: telemetry's `command`. */
  get last(): OrderRecord | undefined {
    return this.#last;
  }

  private add(record: OrderRecord): OrderRecord {
    keepNewest(this.#orders, record.id, record);
    return record;
  }
}

function keepNewest<V>(map: Map<string, V>, id: string, value: V): void {
  map.set(id, value);
  if (map.size <= KEEP) return;
  const [oldest] = map.keys();
  map.delete(oldest!);
}
