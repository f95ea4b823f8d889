import { readFileSync, rmSync } from 'node:fs';
import { writeFileAtomically } from '../files/write-file-atomically';
import { identify, isRunning, type ProcessIdentity } from './process-identity';

export interface PidfileContent extends ProcessIdentity {
  port: number;
  /** Whoever may stop it. Null: it was started to stay (`infra start`) and nobody's stop() touches it. */
  launcher: ProcessIdentity | null;
}

export function writePidfile(file: string, content: PidfileContent): void {
  writeFileAtomically(file, `${JSON.stringify(content)}\n`);
}

export function removePidfile(file: string): void {
  rmSync(file, { force: true });
}

/** What the file says, or null when it is absent, unreadable, or speaks of a process that no longer is (stale or recycled pid). */
export function readLivePidfile(file: string): PidfileContent | null {
  const content = parsePidfile(readQuietly(file));
  return content && isRunning(content) ? content : null;
}

export function parsePidfile(text: string | null): PidfileContent | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isPidfileContent(value) ? value : null;
  } catch {
    return null; // half a file: the machine died while it was written
  }
}

/** True when another process that is still alive has the right to stop the server. */
export function hasOtherOwner(content: PidfileContent): boolean {
  return content.launcher === null || isRunning(content.launcher);
}

export function thisProcess(): ProcessIdentity {
  return identify(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
}

function readQuietly(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function isPidfileContent(value: unknown): value is PidfileContent {
  if (!isIdentity(value)) return false;
  const { port, launcher } = value as Partial<PidfileContent>;
  return typeof port === 'number' && (launcher === null || isIdentity(launcher));
}

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startedAt } = value as Partial<ProcessIdentity>;
  return typeof pid === 'number' && typeof startedAt === 'string';
}
