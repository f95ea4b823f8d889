import { spawnSync } from 'node:child_process';

let prefix: string[] | undefined;

/**
 * Words to put before a command so that the kernel ends it when this process dies, however it dies (`kill -9` runs no handler of
 * ours). Empty where setpriv does not offer that; there the pidfiles let the next start clean up.
 */
export function dieWithParent(): string[] {
  prefix ??= probe();
  return prefix;
}

function probe(): string[] {
  const words = ['setpriv', '--pdeathsig', 'TERM', '--'];
  const [file, ...args] = [...words, 'true'];
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0 ? words : [];
}
