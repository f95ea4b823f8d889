import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Does things one after the other, each in a turn of the event loop of its own. Pictures of a megabyte take a millisecond
 * or two each to decode or encode: those of twenty requests in one turn would hold up everybody else for all of them.
 */
class FrameLane {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => T): Promise<T> {
    const mine = this.#last.then(async () => {
      const done = work();
      await nextTurn();
      return done;
    });
    // What is thrown is its caller's; the next one goes on.
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** One for the process, as there is one event loop. */
export const frameLane = new FrameLane();
