import { Backoff } from './backoff';
import { taken, type PostOffice } from './post-office';

/** `POST /table/register { port }`: at once, again when asked to, and every so often, since a gateway forgets the silent. */
export class Registration {
  readonly #backoff: Backoff;
  #dueAt = 0;
  #sending = false;
  /** The gateway has taken one. */
  registered = false;

  constructor(
    private readonly office: PostOffice,
    private readonly port: () => number,
    private readonly options: {
      readonly everyMs: number;
      readonly firstMs: number;
      readonly maxMs: number;
      readonly random: () => number;
      readonly now: () => number;
    },
  ) {
    this.#backoff = new Backoff(options.firstMs, options.maxMs, options.random);
  }

  again(): void {
    this.#dueAt = 0;
  }

  tick(now: number): void {
    if (this.#sending || now < this.#dueAt) return;
    this.#sending = true;
    this.#dueAt = Infinity;
    void this.office.post('/table/register', { port: this.port() }, now).then((result) => {
      this.#sending = false;
      const done = taken(result);
      if (done) this.#backoff.reset();
      this.registered ||= done;
      // Not every robot of a fleet at the same moment, for as long as they run.
      const wait = done ? this.options.everyMs * (1 - this.options.random() / 2) : this.#backoff.next();
      this.#dueAt = Math.min(this.#dueAt, this.options.now() + wait);
    });
  }
}
