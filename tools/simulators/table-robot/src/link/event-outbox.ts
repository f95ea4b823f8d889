import { Backoff } from './backoff';
import { taken, type PostOffice, type PostResult } from './post-office';

const MOST = 1_000;
/** The gateway will never take these, however often they are sent: the next in line must not wait for them. */
const HOPELESS: ReadonlySet<PostResult> = new Set([400, 413, 422]);

/** Events for `POST /table/event`, in order, each until the gateway took it. */
export class EventOutbox {
  readonly #queue: object[] = [];
  readonly #backoff: Backoff;
  #sending = false;
  #nextAt = 0;
  /** Events that were given up: refused for good, or pushed out of a full outbox. */
  lost = 0;
  taken = 0;

  constructor(
    private readonly office: PostOffice,
    private readonly now: () => number,
    options: { firstMs: number; maxMs: number; random: () => number },
  ) {
    this.#backoff = new Backoff(options.firstMs, options.maxMs, options.random);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  push(event: object): void {
    this.#queue.push(event);
    if (this.#queue.length <= MOST) return;
    // The first may be on its way: the one behind it goes.
    this.#queue.splice(1, 1);
    this.lost += 1;
  }

  tick(now: number): void {
    const [event] = this.#queue;
    if (event === undefined || this.#sending || now < this.#nextAt) return;
    this.#sending = true;
    void this.office.post('/table/event', event, now).then((result) => this.answered(result));
  }

  private answered(result: PostResult): void {
    this.#sending = false;
    if (!taken(result) && !HOPELESS.has(result)) {
      this.#nextAt = this.now() + this.#backoff.next();
      return;
    }
    if (taken(result)) this.taken += 1;
    else this.lost += 1;
    this.#backoff.reset();
    this.#queue.shift();
  }
}
