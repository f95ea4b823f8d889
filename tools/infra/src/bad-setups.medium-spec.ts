import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { BinaryCache, cacheRoot, workspaceRoot } from './binaries/cache';
import { climb } from './binaries/ladder';
import { natsRequirement, natsRungs } from './binaries/nats-binary';
import { firstLine } from './net/probe';
import { freePort } from './net/ports';
import { findByWorkingDirectory } from './process/process-table';
import { waitUntil } from './process/wait-until';
import { ownEnv, ownInfra, stopOwnInfra } from './test-support/own-infra.spec-support';
import { runSource } from './test-support/run-source.spec-support';
import { tempDir } from './test-support/temp-dir.spec-support';

const CLI = path.join(__dirname, 'cli.ts');

function dataOfVersion17(): string {
  const dataDir = tempDir();
  mkdirSync(path.join(dataDir, 'postgres'));
  writeFileSync(path.join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
  return dataDir;
}

function expectNobodyOn(dataDir: string): void {
  expect(findByWorkingDirectory(path.join(dataDir, 'redis'), 'redis-server')).toEqual([]);
  expect(findByWorkingDirectory(path.join(dataDir, 'nats'), 'nats-server')).toEqual([]);
}

async function listener(): Promise<net.Server & { port: number }> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(server, { port: (server.address() as net.AddressInfo).port });
}

// Three servers from nothing take a second or two, more on a busy machine.
jest.setTimeout(60_000);

describe('bad setups', () => {
  afterEach(stopOwnInfra);

  it('names the port, and who has it, when a port asked for is taken', async () => {
    const taken = await listener();
    await expect(ownInfra({ ports: { redis: taken.port } })).rejects.toThrow(
      new RegExp(`Port ${taken.port}, asked for by Redis, is taken by .*pid ${process.pid}`),
    );
    taken.close();
  });

  it('moves to another port when only the remembered one is taken', async () => {
    const first = await ownInfra();
    await first.stop();
    const squatter = net.createServer();
    await new Promise<void>((resolve) => squatter.listen(first.servers.nats.port, '127.0.0.1', resolve));
    const second = await ownInfra({ dataDir: first.dataDir });
    expect(second.servers.nats.port).not.toBe(first.servers.nats.port);
    expect(second.servers.postgres.port).toBe(first.servers.postgres.port);
    squatter.close();
  });

  it('does not touch data of another major version, says so, and leaves no server behind', async () => {
    const dataDir = dataOfVersion17();
    await expect(ownInfra({ dataDir })).rejects.toThrow(/holds data of PostgreSQL 17; this needs version 18/);
    expectNobodyOn(dataDir);
  });

  it('is one readable message and exit code 1 on the command line', async () => {
    const dataDir = dataOfVersion17();
    const { code, stderr } = await runSource(CLI, ['start', '--data', dataDir]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/holds data of PostgreSQL 17/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expectNobodyOn(dataDir);
  });

  it('asks for disk space before it makes a database', async () => {
    const env = ownEnv({ TELEOP_MIN_FREE_MB: '999999999' });
    await expect(ownInfra({ env })).rejects.toThrow(/Not enough disk space for PostgreSQL data: \d+ MB free/);
  });

  it('names a setting that is not a number', async () => {
    const env = ownEnv({ TELEOP_PG_MAX_CONNECTIONS: 'many' });
    await expect(ownInfra({ env })).rejects.toThrow(
      /TELEOP_PG_MAX_CONNECTIONS must be a positive whole number, not "many"/,
    );
  });

  it('insists on JetStream when NATS is given by URL', async () => {
    const binary = await climb(
      natsRequirement,
      'NATS_URL',
      natsRungs(new BinaryCache(cacheRoot(ownEnv(), workspaceRoot())), ownEnv()),
      () => undefined,
    );
    const port = await freePort();
    const plain = spawn(binary.file, ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    try {
      expect(await waitUntil(async () => (await firstLine(port, null)) !== null, 5_000)).toBe(true);
      const env = ownEnv({ NATS_URL: `nats://127.0.0.1:${port}` });
      await expect(ownInfra({ env })).rejects.toThrow(/without JetStream/);
    } finally {
      plain.kill('SIGKILL');
    }
  });

  it('names the variable whose server cannot be reached, without its password', async () => {
    const env = ownEnv({ DATABASE_URL: `postgres://me:hidden@127.0.0.1:${await freePort()}/db` });
    const failure = await ownInfra({ env }).catch((error: Error) => error.message);
    expect(failure).toMatch(/DATABASE_URL \(127\.0\.0\.1:\d+\) cannot be used/);
    expect(failure).not.toMatch(/hidden/);
  });

  it('uses servers given by URL and neither stops nor kills them', async () => {
    const theirs = await ownInfra();
    const { databaseUrl: DATABASE_URL, natsUrl: NATS_URL, redisUrl: REDIS_URL } = theirs;
    const ours = await ownInfra({ env: ownEnv({ DATABASE_URL, NATS_URL, REDIS_URL }) });
    expect(ours.databaseUrl).toBe(theirs.databaseUrl);
    expect(ours.servers.postgres).toMatchObject({
      external: true,
      pid: null,
      port: theirs.servers.postgres.port,
    });
    expect(() => ours.servers.redis.kill9()).toThrow(/given by URL/);
    await ours.stop();
    expect(
      theirs.servers.postgres.alive() && theirs.servers.nats.alive() && theirs.servers.redis.alive(),
    ).toBe(true);
  });
});
