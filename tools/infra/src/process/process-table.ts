import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Pids whose working directory is `dir` and whose name is `comm`: how a server is found that no pidfile speaks of. */
export function findByWorkingDirectory(dir: string, comm: string): number[] {
  return allPids().filter((pid) => commandName(pid) === comm && workingDirectory(pid) === dir);
}

/** Is this the program we think? Where the system does not tell names, pid and start time have to do. */
export function hasName(pid: number, comm: string): boolean {
  return process.platform !== 'linux' || commandName(pid) === comm;
}

/** The name the kernel keeps (15 characters), or null when the process is gone. */
function commandName(pid: number): string | null {
  return quietly(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
}

export function commandLine(pid: number): string | null {
  return quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim());
}

export function allPids(): number[] {
  return (quietly(() => readdirSync('/proc')) ?? []).filter((entry) => /^\d+$/.test(entry)).map(Number);
}

function workingDirectory(pid: number): string | null {
  return quietly(() => readlinkSync(`/proc/${pid}/cwd`));
}

/** Processes end while they are looked at, and other users' may not be looked at: both mean "not found". */
function quietly<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
