import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, identify, waitUntil, type ProcessIdentity } from '@teleop/infra';
import { startCli, stopCliProcesses } from './test-support/cli-process.spec-support';
import { stopOwnStacks, tempDir } from './test-support/own-stack.spec-support';

function servicePids(dataDir: string): number[] {
  const folder = path.join(dataDir, 'run', 'services');
  return readdirSync(folder).map(
    (file) => (JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as ProcessIdentity).pid,
  );
}

// A start is seconds of work for three servers and three processes, more on a busy machine.
jest.setTimeout(60_000);

describe('npm start', () => {
  afterEach(async () => {
    await stopCliProcesses();
    await stopOwnStacks();
  });

  it('stops everything on Ctrl-C, within 5 s and with exit code 0', async () => {
    const folder = tempDir();
    const dataDir = path.join(folder, 'data');
    const port = String(await freePort());
    const cli = startCli(folder, ['--data', dataDir, '--port', port]);
    await cli.says('Ready in');
    const pids = servicePids(dataDir);
    expect(pids).toHaveLength(6); // three services, three arms
    const begun = performance.now();
    cli.child.kill('SIGINT');
    expect(await cli.ended).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(pids.filter((pid) => identify(pid) !== null)).toEqual([]);
    expect(existsSync(path.join(dataDir, 'stack.json'))).toBe(false);
    expect(cli.output()).toMatch(/✓ migrations +\d+\.\d s/);
    expect(cli.output()).toMatch(/queue-service +INFO +listening port=\d+/);
  });

  it('leaves no service behind when the launcher is killed, and the next start adopts the servers', async () => {
    const folder = tempDir();
    const dataDir = path.join(folder, 'data');
    const port = String(await freePort());
    const first = startCli(folder, ['--data', dataDir, '--port', port, '--no-demo']);
    await first.says('Ready in');
    const orphans = servicePids(dataDir);
    expect(orphans).toHaveLength(3); // no arms
    first.child.kill('SIGKILL');
    await first.ended;
    const second = startCli(folder, ['--data', dataDir, '--port', port, '--no-demo']);
    await second.says('Ready in');
    expect(orphans.filter((pid) => identify(pid) !== null)).toEqual([]);
    expect(second.output()).toMatch(/PostgreSQL on .* \(already running, adopted\)/);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  it('wipes the data folder with --fresh, but neither under a running stack nor one that is not ours', async () => {
    const folder = tempDir();
    const dataDir = path.join(folder, 'data');
    const port = String(await freePort());
    const first = startCli(folder, ['--data', dataDir, '--port', port, '--no-demo']);
    await first.says('Ready in');
    const refused = startCli(folder, ['--data', dataDir, '--fresh']);
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toMatch(/A stack runs on .* Stop it before --fresh\./);
    first.child.kill('SIGINT');
    await first.ended;

    const password = readFileSync(path.join(dataDir, 'run', 'postgres.password'), 'utf8');
    const fresh = startCli(folder, ['--data', dataDir, '--port', port, '--fresh', '--no-demo']);
    await fresh.says('Ready in');
    expect(readFileSync(path.join(dataDir, 'run', 'postgres.password'), 'utf8')).not.toBe(password);
    fresh.child.kill('SIGINT');
    await fresh.ended;

    const home = path.join(folder, 'home');
    mkdirSync(home);
    writeFileSync(path.join(home, 'thesis.txt'), 'irreplaceable');
    const mistyped = startCli(folder, ['--data', home, '--fresh']);
    expect(await mistyped.ended).toBe(1);
    expect(readFileSync(path.join(home, 'thesis.txt'), 'utf8')).toBe('irreplaceable');
  });

  it('gives up in the middle of a start when told to, leaving no server', async () => {
    const folder = tempDir();
    const dataDir = path.join(folder, 'data');
    const cli = startCli(folder, ['--data', dataDir, '--port', String(await freePort())]);
    await cli.says('✓ ports');
    cli.child.kill('SIGINT');
    expect(await cli.ended).toBe(0);
    const left = readdirSync(path.join(dataDir, 'run')).filter((file) =>
      /^(postgres|nats|redis)\.json$/.test(file),
    );
    expect(left).toEqual([]);
    expect(await waitUntil(() => !existsSync(path.join(dataDir, 'run', 'stack.lock')), 1_000)).toBe(true);
  });

  it('answers a wrong option with the usage and exit code 1', async () => {
    const cli = startCli(tempDir(), ['--prot', '4000']);
    expect(await cli.ended).toBe(1);
    expect(cli.output()).toMatch(/--no-demo/);
    expect(cli.output()).not.toMatch(/\n\s+at /);
  });
});
