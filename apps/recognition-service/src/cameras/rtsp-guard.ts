const NEWLINE = 0x0a;
const DOLLAR = 0x24;
const PACKET_HEADER = 4;
const MAX_LINE = 8 * 1024;

/** What an RTSP server sent is not passed on. */
export class RtspRefused extends Error {
  override readonly name = 'RtspRefused';
}

/**
 * Watches what an RTSP server sends for an answer that sends its client elsewhere (ffmpeg would go there unjudged). Reads as
 * ffmpeg does: lines, bodies of the length that is announced, and interleaved packets, wherever the network cuts them.
 */
export class RtspGuard {
  #line = '';
  #lines = 0;
  #bodyBytes: number | undefined;
  /** Of a packet whose header has begun to arrive. */
  #packet: number[] = [];
  #skip = 0;

  /** Throws RtspRefused: the chunk must not be passed on, nor any after it. */
  take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#skip > 0) at = this.skipped(chunk, at);
      else if (this.#packet.length > 0 || (this.#line === '' && chunk[at] === DOLLAR))
        this.packetByte(chunk[at++]!);
      else at = this.text(chunk, at);
    }
  }

  private skipped(chunk: Buffer, from: number): number {
    const bytes = Math.min(this.#skip, chunk.length - from);
    this.#skip -= bytes;
    return from + bytes;
  }

  private packetByte(byte: number): void {
    if (this.#packet.push(byte) < PACKET_HEADER) return;
    this.#skip = this.#packet[2]! * 256 + this.#packet[3]!;
    this.#packet = [];
  }

  private text(chunk: Buffer, from: number): number {
    const newline = chunk.indexOf(NEWLINE, from);
    const end = newline < 0 ? chunk.length : newline;
    // A carriage return is nothing to ffmpeg, wherever it stands.
    this.#line += chunk.toString('latin1', from, end).replaceAll('\r', '');
    if (this.#line.length > MAX_LINE) throw new RtspRefused('a line is too long');
    if (newline < 0) return end;
    const line = this.#line;
    this.#line = '';
    if (line === '') this.endOfHead();
    else this.head(line);
    return end + 1;
  }

  private head(line: string): void {
    if (this.#lines === 0 && /^RTSP\/\S*\s+3/i.test(line)) throw new RtspRefused('redirects');
    this.#lines += 1;
    if (!/^content-length/i.test(line)) return;
    const bytes = /^content-length:\s*(\d{1,9})\s*$/i.exec(line)?.[1];
    // Two lengths, or one that others might read otherwise, could hide an answer in a body.
    if (bytes === undefined || this.#bodyBytes !== undefined) throw new RtspRefused('a length is odd');
    this.#bodyBytes = Number(bytes);
  }

  private endOfHead(): void {
    this.#skip = this.#bodyBytes ?? 0;
    this.#bodyBytes = undefined;
    this.#lines = 0;
  }
}
