import type { SharedBuckets } from './shared-bucket';
import { TokenBucket, type BucketRule } from './token-bucket';

export interface RateLimiterOptions {
  readonly rule: BucketRule;
  /** Tokens fetched at a time. More: fewer questions; but what a replica holds and does not use is lost to the client. */
  readonly batch: number;
  /** Fetched tokens are given up after this: a client's unused rest must not pile up in every replica. */
  readonly leaseMs: number;
  /** After a failure the replica limits on its own for this long before it asks again. */
  readonly retryMs: number;
  readonly maxClients: number;
}

export interface RateLimiterPorts {
  readonly now: () => number;
  readonly shared: SharedBuckets;
  /** How each question to Redis went. After an error the replica limits on its own. */
  readonly asked: (error: Error | undefined) => void;
}

interface Client {
  /** Tokens in hand, fetched from the shared bucket. */
  held: number;
  heldUntil: number;
  deniedUntil: number;
  fetching: Promise<void> | undefined;
  waiting: number;
  own: TokenBucket | undefined;
}

/**
 * Token buckets by client, shared by the replicas. A replica takes tokens in batches, so nearly every request is decided at
 * once; together the replicas never let more through than the bucket holds. Without Redis each replica limits on its own.
 */
export class RateLimiter {
  readonly #clients = new Map<string, Client>();
  #aloneUntil = -Infinity;

  constructor(
    private readonly options: RateLimiterOptions,
    private readonly ports: RateLimiterPorts,
  ) {}

  get rule(): BucketRule {
    return this.options.rule;
  }

  /** 0: let through. Otherwise the milliseconds after which it is worth trying again. A promise only when Redis is asked. */
  take(key: string): number | Promise<number> {
    const now = this.ports.now();
    const client = this.#client(key);
    if (now > client.heldUntil) client.held = 0;
    if (client.held > 0) {
      client.held -= 1;
      if (client.held < this.options.batch / 4) this.#refill(key, client, now);
      return 0;
    }
    if (now < client.deniedUntil) return Math.ceil(client.deniedUntil - now);
    if (now < this.#aloneUntil) return this.#alone(client, now);
    return this.#fetchAndTake(key, client);
  }

  async #fetchAndTake(key: string, client: Client): Promise<number> {
    client.waiting += 1;
    try {
      for (;;) {
        await (client.fetching ?? this.#fetch(key, client));
        const now = this.ports.now();
        if (client.held > 0) {
          client.held -= 1;
          return 0;
        }
        if (now < client.deniedUntil) return Math.ceil(client.deniedUntil - now);
        if (now < this.#aloneUntil) return this.#alone(client, now);
      }
    } finally {
      client.waiting -= 1;
    }
  }

  /** In the background, before the tokens in hand run out. */
  #refill(key: string, client: Client, now: number): void {
    if (client.fetching === undefined && now >= Math.max(this.#aloneUntil, client.deniedUntil))
      void this.#fetch(key, client);
  }

  /** Never rejects: a failure puts the replica on its own. */
  #fetch(key: string, client: Client): Promise<void> {
    const { rule, batch, leaseMs, retryMs } = this.options;
    const work = this.ports.shared.take(key, rule, batch + Math.max(0, client.waiting - 1)).then(
      ({ taken, waitMs }) => {
        const now = this.ports.now();
        client.held += taken;
        client.heldUntil = now + leaseMs;
        if (taken === 0) client.deniedUntil = now + waitMs;
        this.ports.asked(undefined);
      },
      (error: Error) => {
        this.#aloneUntil = this.ports.now() + retryMs;
        this.ports.asked(error);
      },
    );
    return (client.fetching = work.finally(() => (client.fetching = undefined)));
  }

  #alone(client: Client, now: number): number {
    client.own ??= new TokenBucket(this.options.rule, now);
    return client.own.take(now);
  }

  #client(key: string): Client {
    const known = this.#clients.get(key);
    if (known !== undefined) {
      // A Map keeps the order of insertion: put back last, the first one is the one seen longest ago.
      this.#clients.delete(key);
      this.#clients.set(key, known);
      return known;
    }
    const client: Client = {
      held: 0,
      heldUntil: -Infinity,
      deniedUntil: -Infinity,
      fetching: undefined,
      waiting: 0,
      own: undefined,
    };
    this.#clients.set(key, client);
    if (this.#clients.size > this.options.maxClients) {
      this.#clients.delete(this.#clients.keys().next().value as string);
    }
    return client;
  }
}
