import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import type { World } from './world';

const run = promisify(execFile);

const FIRST_CORE = '0';

/**
 * What is measured, one process at a time, gets the first core; whatever loads it shares the others with the servers. Says so
 * in words.
 */
export async function pinApart(
  world: Pick<World, 'pids'>,
  measured: readonly number[],
  loads: readonly number[],
): Promise<string> {
  const cores = availableParallelism();
  if (cores < 2) return 'not pinned: the machine has one core';
  const others = cores === 2 ? '1' : `1-${cores - 1}`;
  await pin(FIRST_CORE, measured);
  await pin(others, [...world.pids(), ...loads]);
  return `what is measured on core ${FIRST_CORE}; load, PostgreSQL, NATS and Redis on core ${others}`;
}

/** Moves all threads of running processes; those they start later follow. Linux, with util-linux. */
async function pin(cores: string, pids: readonly number[]): Promise<void> {
  for (const pid of pids) await run('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)]);
}
