/**
 * The canonical form as a list of stretches of the received text: nothing is copied until it is hashed. Pairs of numbers, as
 * objects would cost more than what they describe. A pair that begins below zero is no plain stretch:
 * -1 is a comma of ours, -2 - at a string at `at` whose spelling depends on the form.
 */
export class SpanList {
  readonly pairs: number[] = [];
  /** Bits of TEXT over all strings whose spelling depends on the form; 0: there is only one form. */
  holds = 0;

  /** Pairs before this index are not grown any more: a member begins or ends there. */
  sealed = 0;

  plain(at: number, end: number): void {
    const { pairs } = this;
    const { length } = pairs;
    // Mostly the text is in order already, and one pair covers it all.
    if (length > this.sealed && pairs[length - 1] === at && pairs[length - 2]! >= 0) pairs[length - 1] = end;
    else pairs.push(at, end);
  }

  text(at: number, end: number, holds: number): void {
    if (holds === 0) return this.plain(at, end);
    this.holds |= holds;
    this.pairs.push(TEXT_AT - at, end);
  }

  /** Notes where the members of one object lie, to put them into another order. */
  members(): Members {
    return new Members(this);
  }
}

export const COMMA_PAIR = -1;
export const TEXT_AT = -2;

class Members {
  readonly #begins: number[] = [];
  readonly #ends: number[] = [];

  constructor(private readonly list: SpanList) {}

  begin(): void {
    this.#begins.push(this.seal());
  }

  end(): void {
    this.#ends.push(this.seal());
  }

  /** Puts the members into this sequence, with commas of ours between them. */
  arrange(sequence: readonly number[]): void {
    const { pairs } = this.list;
    const from = this.#begins[0] as number;
    const old = pairs.slice(from);
    pairs.length = from;
    for (const [place, member] of sequence.entries()) {
      if (place > 0) pairs.push(COMMA_PAIR, COMMA_PAIR);
      const end = (this.#ends[member] as number) - from;
      for (let i = (this.#begins[member] as number) - from; i < end; i++) pairs.push(old[i] as number);
    }
    this.seal();
  }

  private seal(): number {
    return (this.list.sealed = this.list.pairs.length);
  }
}
