import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { withClient } from './database';
import { isRunning, identify } from './process/process-identity';
import { waitUntil } from './process/wait-until';
import { ownInfra, stopOwnInfra } from './test-support/own-infra.spec-support';
import { firstLineOf, spawnSource } from './test-support/run-source.spec-support';
import { tempDir } from './test-support/temp-dir.spec-support';
import { SERVER_NAMES } from './types';

const LAUNCHER = path.join(__dirname, 'test-support', 'launcher.spec-support.ts');

// Three servers from nothing take a second or two, more on a busy machine.
jest.setTimeout(60_000);

describe('after a launcher was killed', () => {
  afterEach(stopOwnInfra);

  it('adopts the servers it left running, and stops them in the end', async () => {
    const dataDir = tempDir();
    const launcher = spawnSource(LAUNCHER, [dataDir]);
    const left = JSON.parse(await firstLineOf(launcher)) as { pids: number[]; databaseUrl: string };
    launcher.kill('SIGKILL');
    await waitUntil(() => identify(launcher.pid as number) === null, 5_000);

    const infra = await ownInfra({ dataDir });
    expect(SERVER_NAMES.map((name) => infra.servers[name].pid)).toEqual(left.pids);
    expect(infra.databaseUrl).toBe(left.databaseUrl);
    await infra.stop();
    expect(left.pids.filter((pid) => identify(pid) !== null)).toEqual([]);
  });

  it('does not take a recycled pid for a server, nor signal the process that has it now', async () => {
    const dataDir = tempDir();
    const first = await ownInfra({ dataDir });
    await first.stop();
    const innocent = identify(process.pid);
    const stale = {
      pid: process.pid,
      startedAt: 'some-boot:12345',
      port: first.servers.nats.port,
      launcher: null,
    };
    for (const name of SERVER_NAMES) {
      writeFileSync(path.join(dataDir, 'run', `${name}.json`), JSON.stringify(stale));
    }
    const second = await ownInfra({ dataDir });
    expect(SERVER_NAMES.map((name) => second.servers[name].pid)).not.toContain(process.pid);
    expect(innocent && isRunning(innocent)).toBe(true);
    await withClient(second.databaseUrl, (client) => client.query('SELECT 1'));
  });

  it('ends a server that no pidfile speaks of before it opens the same data again', async () => {
    const dataDir = tempDir();
    const first = await ownInfra({ dataDir });
    const orphans = SERVER_NAMES.map((name) => first.servers[name].pid as number);
    for (const name of SERVER_NAMES) writeFileSync(path.join(dataDir, 'run', `${name}.json`), '{"pid": 1');
    const second = await ownInfra({ dataDir });
    expect(orphans.filter((pid) => identify(pid) !== null)).toEqual([]);
    expect(SERVER_NAMES.every((name) => second.servers[name].alive())).toBe(true);
  });
});
