import { BytesPerTurn } from './bytes-per-turn';

/** Of base64: a millisecond or two to decode and hash. */
const TURN_BYTES = 1024 * 1024;

/**
 * Does things one after the other, only a few in a turn of the event loop: pictures of a megabyte take a millisecond or two
 * each to decode, and those of twenty requests in one turn would hold up everybody else for all of them.
 */
class FrameLane {
  readonly #perTurn = new BytesPerTurn(TURN_BYTES);
  #last: Promise<unknown> = Promise.resolve();

  run<T>(bytes: number, work: () => T): Promise<T> {
    const mine = this.#last.then(async () => {
      const done = work();
      await this.#perTurn.take(bytes);
      return done;
    });
    // What is thrown is its caller's; the next one goes on.
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** One for the process, as there is one event loop. */
export const frameLane = new FrameLane();
