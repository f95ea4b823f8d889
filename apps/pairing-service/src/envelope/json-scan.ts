import { NotJson } from './not-json';
import { numberEnd } from './number-scan';
import { StringScan } from './string-scan';
import { SpanList } from './span-list';

export interface ScanLimits {
  /** Levels of objects and arrays. */
  readonly maxDepth: number;
  /** Members of objects, of the whole text together: sorting them is the one thing that is not linear. */
  readonly maxMembers: number;
}

const BRACE = 0x7b;
const BRACE_END = 0x7d;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
const QUOTE = 0x22;

const LITERALS: ReadonlyMap<number, Buffer> = new Map(
  ['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]),
);

/** What a value is, by the byte it begins with. */
export type ValueKind = 'object' | 'array' | 'string' | 'number' | 'literal';

/**
 * One pass over a JSON text as it was received, checking all of RFC 8259. Between `record()` and `stop()` it notes which bytes
 * make up the canonical form: none but those of the text, without white space, members in the order of their keys.
 */
export class JsonScan {
  pos = 0;
  readonly strings: StringScan;
  readonly spans = new SpanList();
  #recording = false;
  #members = 0;

  constructor(
    readonly bytes: Buffer,
    private readonly limits: ScanLimits,
  ) {
    this.strings = new StringScan(bytes);
  }

  record(): void {
    this.#recording = true;
  }

  stop(): void {
    this.#recording = false;
  }

  /** Nothing but white space may follow. */
  end(): void {
    this.space();
    if (this.pos < this.bytes.length) throw new NotJson('something follows the value');
  }

  space(): void {
    const { bytes } = this;
    for (;;) {
      const byte = bytes[this.pos];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.pos++;
    }
  }

  kind(): ValueKind {
    const byte = this.bytes[this.pos] ?? 0;
    if (byte === QUOTE) return 'string';
    if (byte === BRACE) return 'object';
    if (byte === BRACKET) return 'array';
    return LITERALS.has(byte) ? 'literal' : 'number';
  }

  value(depth: number): void {
    switch (this.kind()) {
      case 'string':
        return this.string();
      case 'object':
        return this.object(depth, () => this.value(depth + 1));
      case 'array':
        return this.array(depth);
      case 'literal':
        return this.literal();
      case 'number':
        return this.take(numberEnd(this.bytes, this.pos));
    }
  }

  /** Calls `member` at each value; it must scan exactly that. Keys are the bytes of their UTF-8 as Latin-1. */
  object(depth: number, member: (key: string) => void): void {
    const { spans, bytes } = this;
    this.enter(depth);
    if (bytes[this.pos] === BRACE_END) return this.take(this.pos + 1);
    const order = this.#recording ? spans.members() : undefined;
    const keys: string[] = [];
    let sorted = true;
    for (;;) {
      order?.begin();
      const key = this.key();
      sorted &&= keys.length === 0 || (keys[keys.length - 1] as string) < key;
      keys.push(key);
      member(key);
      order?.end();
      this.space();
      const byte = bytes[this.pos];
      if (byte === BRACE_END) break;
      if (byte !== COMMA) throw new NotJson('a comma or } is missing');
      this.take(this.pos + 1);
      this.space();
    }
    if (!sorted) {
      const sequence = [...keys.keys()].sort((a, b) => ((keys[a] as string) < (keys[b] as string) ? -1 : 1));
      if (sequence.some((n, i) => i > 0 && keys[n] === keys[sequence[i - 1] as number]))
        throw new NotJson('a key twice');
      order?.arrange(sequence);
    }
    this.take(this.pos + 1);
  }

  private array(depth: number): void {
    const { bytes } = this;
    this.enter(depth);
    if (bytes[this.pos] === BRACKET_END) return this.take(this.pos + 1);
    for (;;) {
      this.value(depth + 1);
      this.space();
      const byte = bytes[this.pos];
      if (byte !== BRACKET_END && byte !== COMMA) throw new NotJson('a comma or ] is missing');
      this.take(this.pos + 1);
      if (byte === BRACKET_END) return;
      this.space();
    }
  }

  private enter(depth: number): void {
    if (depth > this.limits.maxDepth) throw new NotJson('nested too deeply');
    this.take(this.pos + 1);
    this.space();
  }

  private key(): string {
    if (this.bytes[this.pos] !== QUOTE) throw new NotJson('a key is missing');
    if (++this.#members > this.limits.maxMembers) throw new NotJson('too many members');
    const at = this.pos;
    this.string();
    const key = sortKey(this.bytes, at, this.pos, this.strings.holds);
    this.space();
    if (this.bytes[this.pos] !== COLON) throw new NotJson('a colon is missing');
    this.take(this.pos + 1);
    this.space();
    return key;
  }

  private string(): void {
    const at = this.pos;
    this.pos = this.strings.end(at);
    if (this.#recording) this.spans.text(at, this.pos, this.strings.holds);
  }

  private literal(): void {
    const word = LITERALS.get(this.bytes[this.pos] as number) as Buffer;
    const end = this.pos + word.length;
    if (this.bytes.compare(word, 0, word.length, this.pos, Math.min(end, this.bytes.length)) !== 0)
      throw new NotJson('not a value');
    this.take(end);
  }

  /** What lies before `end` is part of the canonical form as it is. */
  private take(end: number): void {
    if (this.#recording) this.spans.plain(this.pos, end);
    this.pos = end;
  }
}

/**
 * Keys are compared by code points, as Python compares them: that is the order of their UTF-8 bytes, not of JavaScript's
 * strings. Latin-1 of those bytes compares the same and costs one call.
 */
function sortKey(bytes: Buffer, at: number, end: number, holds: number): string {
  if ((holds & 2) === 0) return bytes.toString('latin1', at + 1, end - 1);
  return wtf8(JSON.parse(bytes.toString('utf8', at, end)) as string);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** UTF-8 that keeps lone surrogates apart: Buffer would make the same replacement character of all of them. */
function wtf8(text: string): string {
  if (!LONE_SURROGATE.test(text)) return Buffer.from(text, 'utf8').toString('latin1');
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (code >= 0xd800 && code <= 0xdfff)
      out += String.fromCharCode(0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else out += Buffer.from(char, 'utf8').toString('latin1');
  }
  return out;
}
