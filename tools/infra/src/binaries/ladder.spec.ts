import type { Binary, Requirement } from './binary';
import { climb, NothingThere, type Rung } from './ladder';

const requirement: Requirement = {
  label: 'NATS 2.10',
  accepts: () => true,
  howToInstall: 'Install nats-server.',
};
const binary = (source: string): Binary => ({ file: `/${source}`, version: [2, 10], source, env: {} });
const holds = (name: string): Rung => ({ name, climb: () => Promise.resolve(binary(name)) });
const breaks = (name: string, reason: Error): Rung => ({ name, climb: () => Promise.reject(reason) });

describe('the ladder', () => {
  it('takes the first rung that holds and does not try the next', async () => {
    const next = jest.fn(() => Promise.resolve(binary('npm')));
    const found = await climb(
      requirement,
      'NATS_URL',
      [holds('PATH'), { name: 'npm', climb: next }],
      () => undefined,
    );
    expect(found.source).toBe('PATH');
    expect(next).not.toHaveBeenCalled();
  });

  it('goes on when a rung breaks, and says why unless there was simply nothing', async () => {
    const lines: string[] = [];
    const rungs = [
      breaks('PATH', new NothingThere('no nats-server found')),
      breaks('npm', new Error('offline')),
      holds('Debian'),
    ];
    expect((await climb(requirement, 'NATS_URL', rungs, (line) => lines.push(line))).source).toBe('Debian');
    expect(lines).toEqual(['NATS 2.10: not from npm (offline)']);
  });

  it('ends with one message that lists what was tried, what to install, and the way around', async () => {
    const rungs = [
      breaks('PATH', new NothingThere('no nats-server found')),
      breaks('Debian packages', new Error('version 2.9')),
    ];
    await expect(climb(requirement, 'NATS_URL', rungs, () => undefined)).rejects.toThrow(
      [
        'NATS 2.10 is needed and could not be had:',
        '  - PATH: no nats-server found',
        '  - Debian packages: version 2.9',
        'Install nats-server. Or set NATS_URL to a server that runs already.',
      ].join('\n'),
    );
  });
});
