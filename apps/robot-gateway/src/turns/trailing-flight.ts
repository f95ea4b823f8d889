/**
 * At most one question per key under way. Whoever asks while one is under way shares the *next* one: an answer that was
 * made before he asked may be older than what he knows. Whatever the number of askers, the other side sees one at a time.
 */
export class TrailingFlight<T> {
  readonly #flying = new Map<string, { current: Promise<T>; next: Promise<T> | undefined }>();

  constructor(
    private readonly ask: (key: string) => Promise<T>,
    /** Keys that may be under way at once; beyond, `busy` makes the error. */
    private readonly limit: number,
    private readonly busy: () => Error,
  ) {}

  run(key: string): Promise<T> {
    const flight = this.#flying.get(key);
    if (flight !== undefined) {
      flight.next ??= flight.current.then(
        () => this.take(key),
        () => this.take(key),
      );
      return flight.next;
    }
    if (this.#flying.size >= this.limit) return Promise.reject(this.busy());
    return this.take(key);
  }

  private take(key: string): Promise<T> {
    const flight = { current: this.ask(key), next: undefined as Promise<T> | undefined };
    this.#flying.set(key, flight);
    const done = () => {
      // A follower replaces the entry by its own flight.
      if (flight.next === undefined) this.#flying.delete(key);
    };
    flight.current.then(done, done);
    return flight.current;
  }
}
