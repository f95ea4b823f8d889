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
    ...(user && stack.gateway ? tryIt(stack.gateway, user, 'robot-gateway' in stack.services) : []),
  ].join('\n');
}

function tryIt(gateway: string, user: DemoUser, tables: boolean): string[] {
  const auth = `-H 'Authorization: Bearer ${user.hashCode}'`;
  const json = `-H 'Content-Type: application/json'`;
  const post = (url: string): string =>
    `  curl -sS ${gateway}${url} ${auth} ${json} -d '{"userId":"${user.userId}","robotId":"arm1"}'`;
  return [
    `Join arm1's queue as ${user.name}, look at it, get the token to drive, see the leaderboard:`,
    post('/queue/join'),
    `  curl -sS ${gateway}/queue/arm1 ${auth}`,
    post('/queue/control-token'),
    `  curl -sS '${gateway}/tele_op/leaderboard?user_id=${user.userId}' ${auth}`,
    '',
    ...(tables && user.role === 'Admin' ? sendTable(gateway, user, auth, json) : []),
  ];
}

function sendTable(gateway: string, user: DemoUser, auth: string, json: string): string[] {
  const token = `sed 's/.*"token":"\\([^"]*\\).*/\\1/'`;
  return [
    `Send the table robot table2 to the kitchen as ${user.name}, and watch it drive there:`,
    `  JWT=$(curl -sS ${gateway}/auth/token ${auth} ${json} -d '{"userId":"${user.userId}"}' | ${token})`,
    `  curl -sS '${gateway}/routes?robotId=table2' -H "Authorization: Bearer $JWT" ${json} -d '{"start":"Home","destination":"Kitchen"}'`,
    `  curl -sS '${gateway}/status?robotId=table2'`,
    '',
  ];
}
