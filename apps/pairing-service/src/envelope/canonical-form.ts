import { COMMA_PAIR, TEXT_AT, type SpanList } from './span-list';
import { TEXT } from './string-scan';

/**
 * How strings are spelled in the canonical form. `ascii`: Python's json.dumps as it comes. `raw`: with ensure_ascii=False, and
 * what Dart and JavaScript write. `received`: as they stand in the message.
 */
export const FORMS = ['ascii', 'raw', 'received'] as const;
export type Form = (typeof FORMS)[number];

export interface ByteSink {
  update(bytes: Uint8Array): unknown;
}

/** Stretches up to this long are gathered before they are handed on: each call into native code costs about 1 µs. */
const GATHER_BELOW = 1_024;
const SCRATCH_BYTES = 64 * 1024;
const COMMA = 0x2c;

// One for the process: it is emptied before the call returns.
const scratch = Buffer.allocUnsafe(SCRATCH_BYTES);

/** The forms that can differ for this text; one is enough when its strings are plain ASCII. */
export function formsOf({ holds }: SpanList): readonly Form[] {
  return holds === TEXT.plain ? ['ascii'] : FORMS;
}

/** Hands the canonical form of what was recorded to `sink`, piece by piece. */
export function feedCanonical(sink: ByteSink, source: Buffer, spans: SpanList, form: Form): void {
  const { pairs } = spans;
  let gathered = 0;
  const flush = () => {
    if (gathered > 0) sink.update(scratch.subarray(0, gathered));
    gathered = 0;
  };
  const add = (bytes: Buffer, at: number, end: number) => {
    if (end - at > GATHER_BELOW) {
      flush();
      sink.update(bytes.subarray(at, end));
      return;
    }
    if (gathered + end - at > SCRATCH_BYTES) flush();
    // Tiny pieces are the most: a call to copy them costs more than the bytes.
    if (end - at < 16) for (let i = at; i < end; i++) scratch[gathered++] = bytes[i] as number;
    else gathered += bytes.copy(scratch, gathered, at, end);
  };
  // Neighbours in the text that are neighbours in the form too make one stretch.
  let from = 0;
  let to = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    const at = pairs[i] as number;
    const end = pairs[i + 1] as number;
    if (at >= 0 || (at <= TEXT_AT && form === 'received')) {
      const begin = at >= 0 ? at : TEXT_AT - at;
      if (begin !== to) {
        if (to > from) add(source, from, to);
        from = begin;
      }
      to = end;
      continue;
    }
    if (to > from) add(source, from, to);
    from = to = 0;
    if (at === COMMA_PAIR) {
      if (gathered === SCRATCH_BYTES) flush();
      scratch[gathered++] = COMMA;
    } else {
      const text = Buffer.from(spelled(source.toString('utf8', TEXT_AT - at, end), form));
      add(text, 0, text.length);
    }
  }
  if (to > from) add(source, from, to);
  flush();
}

/** A string literal in the spelling of a form; `literal` is a valid one. */
function spelled(literal: string, form: Form): string {
  const raw = JSON.stringify(JSON.parse(literal));
  return form === 'raw' ? raw : raw.replace(BEYOND_ASCII, escaped);
}

const BEYOND_ASCII = /[\x7f-\uffff]/g;

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
