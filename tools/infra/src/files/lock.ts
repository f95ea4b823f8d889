import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, InfraError } from '../errors';
import { isRunning, type ProcessIdentity } from '../process/process-identity';
import { thisProcess } from '../process/pidfile';

const RETRY_MS = 50;

/**
 * One holder at a time across processes. A lock whose holder died is taken over. Work done below it should still end in an
 * atomic rename: the lock spares doing it twice, the rename makes twice harmless.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, waitMs = 300_000): Promise<T> {
  const deadline = Date.now() + waitMs;
  while (!tryLock(file)) {
    clearIfAbandoned(file);
    if (Date.now() > deadline)
      throw new InfraError(`${file} has been held by another process for ${waitMs / 1000} s.`);
    await sleep(RETRY_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Takes the lock if nobody alive holds it. Returns what gives it back, or who has it. For a lock held as long as a process lives.
 */
export function tryAcquire(file: string): { release: () => void } | { holder: ProcessIdentity } {
  for (;;) {
    if (tryLock(file)) return { release: () => rmSync(file, { force: true }) };
    const holder = readHolder(file);
    if (holder && isRunning(holder)) return { holder };
    clearIfAbandoned(file);
  }
}

let counter = 0;

/** `link` fails when the name exists, and the lock has its content from the first moment on. */
function tryLock(file: string): boolean {
  mkdirSync(path.dirname(file), { recursive: true });
  const own = `${file}.${process.pid}.${counter++}`;
  writeFileSync(own, JSON.stringify(thisProcess()));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function clearIfAbandoned(file: string): void {
  const holder = readHolder(file);
  if (holder && isRunning(holder)) return;
  const aside = `${file}.${process.pid}.${counter++}.abandoned`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return; // another waiter was quicker
    throw error;
  }
  const moved = readHolder(aside);
  // Between our look and our rename another waiter may have cleared it and locked: give that lock back.
  if (moved && isRunning(moved)) linkBack(aside, file);
  rmSync(aside, { force: true });
}

function linkBack(aside: string, file: string): void {
  try {
    linkSync(aside, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

function readHolder(file: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return null;
  }
}
