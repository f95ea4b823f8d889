import type { DeadLetter } from './dead-letter';
import { NotReplayable, type DeadLetterStore } from './dead-letter-store';
import type { Options, Selection } from './options';
import { table } from './table';

export interface Terminal {
  readonly width: number;
  line(text: string): void;
}

/** Runs the command; the exit code: 0 done, 1 not everything could be done. */
export function run(options: Options, store: DeadLetterStore, terminal: Terminal): Promise<number> {
  const { command, selection } = options;
  switch (command) {
    case 'list':
      return list(selection, store, terminal);
    case 'show':
      return show(selection, store, terminal);
    case 'replay':
      return each(selection, store, terminal, 'replayed', (letter) => store.replay(letter));
    case 'drop':
      return each(selection, store, terminal, 'dropped', (letter) => store.drop(letter));
  }
}

async function list(selection: Selection, store: DeadLetterStore, terminal: Terminal): Promise<number> {
  const rows: string[][] = [];
  for await (const { id, consumer, event, deliveries, when, reason } of store.select(selection)) {
    rows.push([String(id), consumer, event, String(deliveries), when, reason]);
  }
  if (rows.length === 0) terminal.line('no dead letters');
  else
    terminal.line(
      table([['id', 'consumer', 'event', 'deliveries', 'when', 'reason'], ...rows], terminal.width),
    );
  return 0;
}

async function show(selection: Selection, store: DeadLetterStore, terminal: Terminal): Promise<number> {
  let shown = 0;
  for await (const letter of store.select(selection)) {
    if (shown > 0) terminal.line('');
    terminal.line(described(letter));
    shown += 1;
  }
  return shown > 0 ? 0 : nothing(terminal);
}

async function each(
  selection: Selection,
  store: DeadLetterStore,
  terminal: Terminal,
  done: string,
  work: (letter: DeadLetter) => Promise<void>,
): Promise<number> {
  let [count, failed] = [0, 0];
  for await (const letter of store.select(selection)) {
    const what = `${letter.id}  ${letter.consumer}  ${letter.event}`;
    try {
      await work(letter);
      count += 1;
      terminal.line(`${done}  ${what}`);
    } catch (error) {
      // One that cannot be replayed must not keep the others back; anything else would fail for them as well.
      if (!(error instanceof NotReplayable)) throw error;
      failed += 1;
      terminal.line(`kept      ${what}: ${error.message}`);
    }
  }
  if (count + failed === 0) return nothing(terminal);
  terminal.line(`${count} ${done}${failed > 0 ? `, ${failed} kept` : ''}`);
  return failed > 0 ? 1 : 0;
}

function nothing(terminal: Terminal): number {
  terminal.line('no such dead letter');
  return 1;
}

function described(letter: DeadLetter): string {
  const facts = [
    ['id', String(letter.id)],
    ['event', letter.event],
    ['event id', letter.eventId],
    ['consumer', letter.consumer],
    ['reason', letter.reason],
    ['deliveries', String(letter.deliveries)],
    ['when', letter.when],
    ['subject', letter.subject ?? '?'],
    ...letter.headers.keys().map((key) => [key, letter.headers.get(key)]),
  ];
  return `${table(facts, Infinity)}\n\n${payloadText(letter.data)}`;
}

function payloadText(data: Uint8Array): string {
  const text = Buffer.from(data).toString('utf8');
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not being JSON may be why it died: shown as it is.
    return text;
  }
}
