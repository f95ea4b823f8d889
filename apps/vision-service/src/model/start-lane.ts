import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Starts things one after the other, each in a turn of the event loop of its own. Four pictures of several megabytes that
 * are encoded in the same turn would hold up everybody else for as long as all four take.
 */
export class StartLane {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves with what `start` returned, wrapped so that a promise in it is not waited for. */
  start<T>(start: () => T): Promise<{ readonly started: T }> {
    const mine = this.#last.then(async () => {
      const started = start();
      await nextTurn();
      return { started };
    });
    // A start that throws is its caller's; the next one goes on.
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
