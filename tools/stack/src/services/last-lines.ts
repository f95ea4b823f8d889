import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { pretty } from '../log/pretty';

const TAIL_BYTES = 16 * 1024;

/** The end of a log, in readable form; empty when there is none. */
export function lastLines(file: string, count: number): string[] {
  const lines = tail(file).trimEnd().split('\n').slice(-count);
  return lines.filter(Boolean).flatMap((line) => pretty('', line, { colour: false }).split('\n'));
}

function tail(file: string): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } finally {
    closeSync(fd);
  }
}
