import path from 'node:path';
import { stackFile } from '../stack-file';
import type { Stack } from '../types';
import type { DemoUser } from './demo-user';

/** What a person needs first: where everything is, and lines to paste into a shell. */
export function welcome(stack: Stack, dataDir: string, user: DemoUser | null, ms: number): string {
  const services = Object.entries(stack.services).map(
    ([name, urls]) => `  ${name.padEnd(20)} ${urls.join('  ')}`,
  );
  return [
    '',
    `Ready in ${(ms / 1_000).toFixed(1)} s. Ctrl-C stops everything.`,
    '',
    ...services,
    `  ${'logs'.padEnd(20)} ${path.join(dataDir, 'logs')}`,
    `  ${'all of this as JSON'.padEnd(20)} ${stackFile(dataDir)}`,
    '',
    ...(user && stack.gateway ? tryIt(stack.gateway, user) : []),
  ].join('\n');
}

function tryIt(gateway: string, user: DemoUser): string[] {
  const auth = `-H 'Authorization: Bearer ${user.hashCode}'`;
  const post = (url: string): string =>
    `  curl -sS ${gateway}${url} ${auth} -H 'Content-Type: application/json' -d '{"userId":"${user.userId}","robotId":"arm1"}'`;
  return [
    `Join arm1's queue as ${user.name}, look at it, get the token to drive, see the leaderboard:`,
    post('/queue/join'),
    `  curl -sS ${gateway}/queue/arm1 ${auth}`,
    post('/queue/control-token'),
    `  curl -sS '${gateway}/tele_op/leaderboard?user_id=${user.userId}' ${auth}`,
    '',
  ];
}
