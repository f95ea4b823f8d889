import { cleanPrefix, MAX_WINDOW_BYTES } from './clean-prefix';
import { STEP_BYTES } from './clean-prefix.wasm';
import { NotJson } from './not-json';

/** What a JSON string holds beside plain ASCII, as bits. */
export const TEXT = { plain: 0, beyondAscii: 1, escaped: 2 } as const;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const SPACE = 0x20;
const DEL = 0x7f;
/** A plain loop is quickest for what most strings are: short. */
const SHORT = 64;
/** How far the first look ahead goes; each that finds nothing doubles the next. */
const FIRST_WINDOW = 1_024;

/** Finds the ends of strings in a text. */
export class StringScan {
  /** Of the string that was scanned last: bits of TEXT. */
  holds = 0;

  constructor(private readonly bytes: Buffer) {}

  /** `at` is the opening quote; returns the offset behind the closing one. */
  end(at: number): number {
    const { bytes } = this;
    const { length } = bytes;
    let holds = 0;
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
          if (byte < SPACE) throw new NotJson('control character in a string');
          if (byte >= DEL) holds |= TEXT.beyondAscii;
          pos++;
        }
      }
      if (pos >= length) throw new NotJson('unfinished string');
      pos = this.#behindClean(pos);
    }
  }

  /** Somewhere before, and less than a step from, the next byte that needs a look. */
  #behindClean(from: number): number {
    const { bytes } = this;
    let pos = from;
    for (let window = FIRST_WINDOW; ; window = Math.min(window * 2, MAX_WINDOW_BYTES)) {
      const length = Math.min(window, bytes.length - pos) & -STEP_BYTES;
      if (length === 0) return pos;
      const clean = cleanPrefix(bytes, pos, length);
      pos += clean;
      if (clean < length) return pos;
    }
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
