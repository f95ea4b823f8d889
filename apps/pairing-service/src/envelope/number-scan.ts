import { NotJson } from './not-json';

const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** RFC 8259 §6: returns the offset behind the number that begins at `at`. */
export function numberEnd(bytes: Buffer, at: number): number {
  let pos = bytes[at] === MINUS ? at + 1 : at;
  if (bytes[pos] === ZERO) pos++;
  else pos = digits(bytes, pos);
  if (bytes[pos] === POINT) pos = digits(bytes, pos + 1);
  // 'e' or 'E'
  if (((bytes[pos] ?? 0) | 0x20) === 0x65) {
    pos++;
    if (bytes[pos] === PLUS || bytes[pos] === MINUS) pos++;
    pos = digits(bytes, pos);
  }
  return pos;
}

function digits(bytes: Buffer, from: number): number {
  let pos = from;
  while (isDigit(bytes[pos])) pos++;
  if (pos === from) throw new NotJson('a number without digits');
  return pos;
}
