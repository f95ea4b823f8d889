import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Layout } from '../layout';

/** A service that does what the launcher relies on, and misbehaves on request. */
const SERVICE = `
const http = require('node:http');
const name = require('node:path').basename(require('node:path').dirname(__dirname));
const log = (msg, more) => console.log(JSON.stringify({ level: 30, time: Date.now(), msg, ...more }));
if (process.env.FAKE_BROKEN === name) { console.error('DATABASE_POOL must be a number'); process.exit(78); }
const server = http.createServer((request, response) => {
  if (request.url === '/crash') process.exit(7);
  if (request.url === '/readyz') return response.writeHead(200).end('ready');
  response.end(JSON.stringify({ name, pid: process.pid, env: process.env }));
});
server.listen(Number(process.env.PORT), process.env.HOST, () => log('listening', { port: process.env.PORT }));
process.on('SIGTERM', () => {
  log('stopping');
  if (process.env.FAKE_STUBBORN === name) return;
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
`;

const APPEND = (word: string): string =>
  `require('node:fs').appendFileSync(process.env.FAKE_LOG, ${JSON.stringify(word)} + ' ' + process.argv.slice(2).join(' ') + '\\n');`;

const SIMULATOR = `
require('node:fs').appendFileSync(process.env.FAKE_LOG, process.env.ROBOT_ID + ' ' + process.env.ROBOT_GATEWAY_URL + '\\n');
setInterval(() => undefined, 60_000);
`;

export interface FakeProduct {
  layout: Layout;
  /** What migrations, seeds and simulators wrote down about themselves. */
  log: string;
  /** Replaces a program of the product. */
  write(service: string, entry: 'main' | 'migrate' | 'seed', source: string): void;
}

/** A gateway, a queue-service with migrations and rows, a robot-gateway, and an arm. */
export function fakeProduct(folder: string): FakeProduct {
  const layout = { appsDir: path.join(folder, 'apps'), simulatorsDir: path.join(folder, 'simulators') };
  const write: FakeProduct['write'] = (service, entry, source) =>
    put(path.join(layout.appsDir, service, 'dist', `${entry}.js`), source);
  for (const service of ['api-gateway', 'queue-service', 'robot-gateway']) write(service, 'main', SERVICE);
  write('queue-service', 'migrate', APPEND('migrate'));
  write('queue-service', 'seed', APPEND('seed'));
  put(path.join(layout.simulatorsDir, 'arm-robot', 'dist', 'main.js'), SIMULATOR);
  const log = path.join(folder, 'fake.log');
  writeFileSync(log, '');
  return { layout, log, write };
}

function put(file: string, source: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, source);
}
