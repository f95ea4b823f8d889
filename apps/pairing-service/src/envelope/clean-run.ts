/** What a run of bytes inside a JSON string holds. */
export const RUN = { clean: 0, beyondAscii: 1, control: 2 } as const;

const HIGH_BITS = 0x80808080 | 0;

/**
 * Looks at four bytes at a time: a snapshot is one string of hundreds of kilobytes, and a loop over its bytes would cost as
 * much as a third of its HMAC. `beyondAscii` covers DEL too, which Python escapes. `words` views the whole ArrayBuffer.
 */
export function inspectRun(bytes: Buffer, words: Int32Array, from: number, to: number): number {
  const { byteOffset } = bytes;
  let found: number = RUN.clean;
  let at = from;
  while (at < to && ((byteOffset + at) & 3) !== 0) found |= inspectByte(bytes[at++] as number);
  const lastWord = at + ((to - at) & ~3);
  let beyond = 0;
  let control = 0;
  const end = (byteOffset + lastWord) >> 2;
  for (let word = (byteOffset + at) >> 2; word < end; word++) {
    const four = words[word] as number;
    // A byte of 0x7f carries into its high bit; one below 0x20 borrows from it.
    beyond |= four | (four + 0x01010101);
    control |= (four - 0x20202020) & ~four;
  }
  if ((beyond & HIGH_BITS) !== 0) found |= RUN.beyondAscii;
  if ((control & HIGH_BITS) !== 0) found |= RUN.control;
  for (at = lastWord; at < to; at++) found |= inspectByte(bytes[at] as number);
  return found;
}

function inspectByte(byte: number): number {
  if (byte < 0x20) return RUN.control;
  return byte < 0x7f ? RUN.clean : RUN.beyondAscii;
}

/** A view for `inspectRun`. A trailing byte or two that fill no word belong to no run that is read by words. */
export function wordsOf(bytes: Buffer): Int32Array {
  return new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >> 2);
}
