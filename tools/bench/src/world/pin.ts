import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The measured process gets the first core alone; whatever loads it, and the servers, share the others. */
export const FIRST_CORE = '0';

/** Undefined on a machine with one core. */
export function otherCores(): string | undefined {
  const cores = availableParallelism();
  return cores < 2 ? undefined : cores === 2 ? '1' : `1-${cores - 1}`;
}

/** Moves all threads of running processes; those they start later follow. Linux, with util-linux. */
export async function pin(cores: string, pids: readonly number[]): Promise<void> {
  for (const pid of pids) await run('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)]);
}
