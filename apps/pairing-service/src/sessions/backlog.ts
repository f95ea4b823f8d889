export interface BacklogEntry {
  /** Of the other side's message that this is; what follows message n and is none itself has n + 0.5. */
  readonly seq: number;
  readonly data: Buffer | string;
}

/** What was last sent to a side, for its return. The oldest goes when it becomes too much; a side that missed that cannot resume. */
export class Backlog {
  readonly #entries: BacklogEntry[] = [];
  #bytes = 0;
  /** Every entry up to this number of the other side's may be gone. */
  #forgotten = 0;

  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.#bytes;
  }

  push(entry: BacklogEntry): void {
    this.#entries.push({ seq: entry.seq, data: compact(entry.data) });
    this.#bytes += entry.data.length;
    while (this.#bytes > this.maxBytes) {
      const oldest = this.#entries.shift() as BacklogEntry;
      this.#bytes -= oldest.data.length;
      this.#forgotten = oldest.seq;
    }
  }

  /** What came after the other side's message `seq`, oldest first; undefined when some of it is gone. */
  since(seq: number): readonly BacklogEntry[] | undefined {
    if (seq < this.#forgotten) return undefined;
    return this.#entries.filter((entry) => entry.seq > seq);
  }
}

/** A small frame is a window on a whole chunk of its socket, which would be kept with it. */
function compact(data: Buffer | string): Buffer | string {
  const roomy = typeof data !== 'string' && data.buffer.byteLength > 2 * data.length;
  return roomy ? Buffer.from(data) : data;
}
