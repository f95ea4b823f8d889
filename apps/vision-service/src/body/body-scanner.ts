import { randomUUID } from 'node:crypto';
import { FrameText } from '../frames/frame-text';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const QUOTATION_MARK = Buffer.from([QUOTE]);
/**
 * Texts beyond this are kept out of the JSON. Everything else of a body is smaller: a controlToken of 256 characters, each
 * written as \uXXXX, has this many.
 */
const LONG_BYTES = 1_536;
const FIRST_REST_BYTES = 4_096;

export class BodyTooComplex extends Error {
  override readonly name = 'BodyTooComplex';
}

/**
 * Reads a JSON body as it arrives, without ever making one string of it: long texts (frames) are cut out as bytes and
 * handed over as FrameText, the small rest goes through JSON.parse. A body of 10 MB parsed whole would exist three times
 * and hold up the event loop for tens of milliseconds.
 */
export class BodyScanner {
  /** Stands for a long text in the rest; nobody can guess it. */
  readonly #mark = randomUUID();
  readonly #texts: FrameText[] = [];
  /** One buffer that grows: a body may have hundreds of thousands of small parts. */
  #rest = Buffer.allocUnsafe(FIRST_REST_BYTES);
  #restBytes = 0;
  #text: Buffer[] | undefined;
  #textBytes = 0;
  #escaped = false;
  /** The text has an escape in it, so that its bytes are not its characters. */
  #hasEscapes = false;

  /** `maxRestBytes`: how much may be outside long texts. */
  constructor(private readonly maxRestBytes: number) {}

  /** Throws BodyTooComplex. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length)
      at = this.#text === undefined ? this.outside(chunk, at) : this.inside(chunk, at);
  }

  /**
   * The value; undefined for an empty body. Throws SyntaxError for what is not JSON and for `__proto__` keys, BodyTooComplex
   * for keys as long as frames.
   */
  end(): unknown {
    if (this.#text !== undefined) throw new SyntaxError('a text is not closed');
    const text = this.#rest.toString('utf8', 0, this.#restBytes);
    if (text.trim() === '') return undefined;
    return this.restored(JSON.parse(text));
  }

  /** Puts the long texts back in. Without recursion, as a body may be nested as deeply as it likes. */
  private restored(root: unknown): unknown {
    const whole = { root };
    const open: object[] = [whole];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (Array.isArray(at)) {
        // By number: its keys would all be made into texts.
        for (let index = 0; index < at.length; index += 1) this.restore(at as unknown[], index, open);
      } else {
        const holder = at as Record<string, unknown>;
        for (const key of Object.keys(holder)) {
          if (key.startsWith(this.#mark)) {
            throw new BodyTooComplex(`a key of more than ${LONG_BYTES} bytes`);
          }
          if (pollutes(key, holder[key])) throw new SyntaxError(`a key is ${key}`);
          this.restore(holder, key, open);
        }
      }
    }
    return whole.root;
  }

  private restore<K extends number | string>(holder: Record<K, unknown>, key: K, open: object[]): void {
    const value = holder[key];
    if (typeof value === 'object' && value !== null) open.push(value);
    else if (typeof value === 'string' && value.startsWith(this.#mark)) {
      holder[key] = this.#texts[Number(value.slice(this.#mark.length))];
    }
  }

  private outside(chunk: Buffer, from: number): number {
    const quote = chunk.indexOf(QUOTE, from);
    const end = quote < 0 ? chunk.length : quote;
    this.keep(chunk.subarray(from, end));
    if (quote < 0) return end;
    this.#text = [];
    this.#textBytes = 0;
    this.#hasEscapes = false;
    return quote + 1;
  }

  private inside(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#escaped) {
      this.#escaped = false;
      at += 1;
    }
    const quote = this.closingQuote(chunk, at);
    const end = quote < 0 ? chunk.length : quote;
    this.#text!.push(chunk.subarray(from, end));
    this.#textBytes += end - from;
    if (quote < 0) return end;
    this.close();
    return quote + 1;
  }

  /** Of the text that goes on at `from`; -1 when it goes on in the next chunk. */
  private closingQuote(chunk: Buffer, from: number): number {
    let at = from;
    for (;;) {
      const quote = chunk.indexOf(QUOTE, at);
      const end = quote < 0 ? chunk.length : quote;
      const escape = chunk.subarray(at, end).indexOf(BACKSLASH);
      if (escape < 0) return quote;
      this.#hasEscapes = true;
      at += escape + 2;
      if (at > chunk.length) this.#escaped = true;
      if (at >= chunk.length) return -1;
    }
  }

  private close(): void {
    const parts = this.#text!;
    this.#text = undefined;
    this.keep(QUOTATION_MARK);
    if (this.#textBytes <= LONG_BYTES) for (const part of parts) this.keep(part);
    else {
      const bytes = Buffer.concat(parts);
      // Some encoders write every / as \/.
      const plain = this.#hasEscapes ? unescaped(bytes) : bytes;
      this.keep(Buffer.from(`${this.#mark}${this.#texts.push(new FrameText(plain)) - 1}`));
    }
    this.keep(QUOTATION_MARK);
  }

  /** Copies: a view would keep the whole chunk of the network alive. */
  private keep(part: Buffer): void {
    const bytes = this.#restBytes + part.length;
    if (bytes > this.maxRestBytes) {
      throw new BodyTooComplex(`more than ${this.maxRestBytes} bytes besides frames`);
    }
    if (bytes > this.#rest.length) {
      const larger = Buffer.allocUnsafe(Math.max(bytes, this.#rest.length * 2));
      this.#rest.copy(larger, 0, 0, this.#restBytes);
      this.#rest = larger;
    }
    part.copy(this.#rest, this.#restBytes);
    this.#restBytes = bytes;
  }
}

function unescaped(bytes: Buffer): Buffer {
  const text: unknown = JSON.parse(`"${bytes.toString('utf8')}"`);
  // What is not ASCII becomes bytes that no base64 has.
  return Buffer.from(text as string, 'utf8');
}

/** Keys by which a careless merge would change all objects; the platform's own parser refuses them too. */
function pollutes(key: string, value: unknown): boolean {
  if (key === '__proto__') return true;
  return (
    key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype')
  );
}
