import { inspectRun, RUN } from './clean-run';
import { NotJson } from './not-json';

/** What a JSON string holds beside plain ASCII, as bits. */
export const TEXT = { plain: 0, beyondAscii: 1, escaped: 2 } as const;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
/** Below this length a loop is quicker than calls into native code. */
const SHORT = 32;

/** Finds the ends of strings in a text. Keeps where the next quote and backslash are, so that long texts are searched once. */
export class StringScan {
  /** Of the string that was scanned last: bits of TEXT. */
  holds = 0;
  #nextQuote = -1;
  #nextBackslash = -1;

  constructor(private readonly bytes: Buffer) {}

  /** `at` is the opening quote; returns the offset behind the closing one. */
  end(at: number): number {
    const { bytes } = this;
    const { length } = bytes;
    let holds = 0;
    let escapes = false;
    let pos = at + 1;
    for (;;) {
      const stop = Math.min(pos + SHORT, length);
      while (pos < stop) {
        const byte = bytes[pos] as number;
        if (byte === QUOTE) {
          this.holds = holds;
          return pos + 1;
        }
        if (byte === BACKSLASH) {
          pos = this.#behindEscape(pos);
          holds |= TEXT.escaped;
        } else {
          if (byte < 0x20) throw new NotJson('control character in a string');
          if (byte >= 0x7f) holds |= TEXT.beyondAscii;
          pos++;
        }
      }
      if (pos >= length) throw new NotJson('unfinished string');
      const quote = this.#quoteFrom(pos);
      const runEnd = escapes ? Math.min(quote, this.#backslashFrom(pos)) : quote;
      const found = inspectRun(bytes, pos, runEnd);
      if ((found & RUN.backslash) !== 0) {
        // Rare in long strings: only now is it worth to know where they are.
        escapes = true;
        continue;
      }
      if ((found & RUN.control) !== 0) throw new NotJson('control character in a string');
      if ((found & RUN.beyondAscii) !== 0) holds |= TEXT.beyondAscii;
      pos = runEnd;
    }
  }

  #quoteFrom(pos: number): number {
    if (this.#nextQuote < pos) this.#nextQuote = this.#search(QUOTE, pos);
    if (this.#nextQuote === this.bytes.length) throw new NotJson('unfinished string');
    return this.#nextQuote;
  }

  #backslashFrom(pos: number): number {
    if (this.#nextBackslash < pos) this.#nextBackslash = this.#search(BACKSLASH, pos);
    return this.#nextBackslash;
  }

  #search(byte: number, from: number): number {
    const found = this.bytes.indexOf(byte, from);
    return found < 0 ? this.bytes.length : found;
  }

  #behindEscape(at: number): number {
    const kind = this.bytes[at + 1] ?? 0;
    if (ESCAPES.has(kind)) return at + 2;
    if (kind !== LETTER_U) throw new NotJson('unknown escape');
    for (let i = at + 2; i < at + 6; i++) {
      if (!isHex(this.bytes[i] ?? 0)) throw new NotJson('unfinished \\u escape');
    }
    return at + 6;
  }
}

const ESCAPES: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
