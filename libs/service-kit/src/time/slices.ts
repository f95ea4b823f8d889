import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * A long list in slices, with a turn of the event loop after each: work on thousands of things at once would hold up
 * everything else of the process meanwhile. Nothing is held still: look again at what may have changed between slices.
 */
export async function* slices<T>(items: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) {
    if (from > 0) await nextTurn();
    yield items.slice(from, from + size);
  }
}
