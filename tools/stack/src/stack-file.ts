import path from 'node:path';
import { writeFileAtomically } from '@teleop/infra';
import type { Stack } from './types';

export function stackFile(dataDir: string): string {
  return path.join(dataDir, 'stack.json');
}

/** Where the running stack says what it is (spec/README.md). It is there exactly while every service is meant to be ready. */
export function writeStackFile(dataDir: string, stack: Stack): void {
  const services = Object.fromEntries(Object.entries(stack.services).map(([name, urls]) => [name, urls[0]]));
  const { gateway, databaseUrl, natsUrl, redisUrl, env } = stack;
  writeFileAtomically(
    stackFile(dataDir),
    `${JSON.stringify({ gateway, services, databaseUrl, natsUrl, redisUrl, env }, null, 2)}\n`,
  );
}
