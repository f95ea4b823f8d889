/**
 * Readings of the database overtake each other: an answer may come after that of a question asked later. Tells, for each
 * key, whether an answer is still news.
 */
export class Readings {
  readonly #readBy = new Map<string, number>();
  #begun = 0;

  /** Before the question is asked. */
  begin(): number {
    return (this.#begun += 1);
  }

  isNews(key: string, reading: number): boolean {
    if (reading < (this.#readBy.get(key) ?? 0)) return false;
    this.#readBy.set(key, reading);
    return true;
  }

  /** After a reading of everything: keys that are gone are remembered only until here, longer than any reading takes. */
  forget(reading: number, isPresent: (key: string) => boolean): void {
    for (const [key, readBy] of this.#readBy)
      if (readBy < reading && !isPresent(key)) this.#readBy.delete(key);
  }
}
