import { spawn } from 'node:child_process';
import { identify, isRunning, parseProcStat } from './process-identity';
import { firstLineOf } from '../test-support/run-source.spec-support';
import { waitUntil } from './wait-until';

const STAT = '1234 (a) (weird) name) S 1 1 1 0 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 75036 3133440 413';

describe('process identity', () => {
  it('counts the fields of /proc/<pid>/stat from the last parenthesis', () => {
    expect(parseProcStat(STAT)).toEqual({ state: 'S', startedAt: '75036' });
  });

  it('knows this process, and that it is still running', () => {
    const identity = identify(process.pid);
    expect(identity && isRunning(identity)).toBe(true);
  });

  it('does not take another process for the one that had the pid before', () => {
    const identity = identify(process.pid);
    expect(isRunning({ pid: process.pid, startedAt: `${identity?.startedAt}0` })).toBe(false);
  });

  it('is null for pids that name no single process', () => {
    expect([0, -1, Number.NaN, 2 ** 30].map(identify)).toEqual([null, null, null, null]);
  });

  it('takes a zombie for dead', async () => {
    // The shell becomes `sleep`, which never asks how its child ended: the child stays a zombie. It ends only once the
    // shell has become `sleep`: a shell would have asked.
    const child = `sh -c 'while ! grep -q sleep /proc/$PPID/comm; do sleep 0.05; done'`;
    const parent = spawn('sh', ['-c', `${child} & echo $!; exec sleep 60`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const zombie = Number(await firstLineOf(parent));
    expect(await waitUntil(() => identify(zombie) === null, 20_000)).toBe(true);
    expect(() => process.kill(zombie, 0)).not.toThrow(); // a naive check sees it alive
    parent.kill('SIGKILL');
  });
});
