import { waitFor } from '@teleop/testing';
import { Coalesced } from './coalesced';
import { NamedCommands } from './domain/named-commands';

describe('coalesced work', () => {
  function setup() {
    const runs: string[] = [];
    const failures: unknown[] = [];
    const gates: (() => void)[] = [];
    const work = new Coalesced(
      (key) => {
        runs.push(key);
        if (key === 'bad') return Promise.reject(new Error('bad'));
        return new Promise((resolve) => gates.push(resolve));
      },
      (error) => failures.push(error),
      2,
    );
    return { runs, failures, gates, work };
  }

  it('runs once more when woken while it runs, however often, and keys side by side', async () => {
    const { runs, gates, work } = setup();
    for (const key of ['a', 'a', 'a', 'b']) work.wake(key);
    expect(runs).toEqual(['a', 'b']);
    gates[0]!();
    await waitFor('the second run', () => runs.length === 3);
    gates[2]!();
    await new Promise((resolve) => setImmediate(resolve));
    expect(runs).toEqual(['a', 'b', 'a']);
  });

  it('runs for a few keys at a time, the others in the order in which they were woken', async () => {
    const { runs, gates, work } = setup();
    for (const key of ['a', 'b', 'c', 'd', 'c', 'bad', 'e']) work.wake(key);
    expect(runs).toEqual(['a', 'b']);
    gates[1]!();
    await waitFor('the third', () => runs.length === 3);
    gates[0]!();
    await waitFor('the fourth', () => runs.length === 4);
    gates[2]!();
    // What fails makes room as well.
    await waitFor('the others', () => runs.length === 6);
    expect(runs).toEqual(['a', 'b', 'c', 'd', 'bad', 'e']);
  });

  it('reports what fails and can be woken again', async () => {
    const { runs, failures, work } = setup();
    work.wake('bad');
    await waitFor('the failure', () => failures.length === 1);
    work.wake('bad');
    await waitFor('the second failure', () => failures.length === 2);
    expect(runs).toEqual(['bad', 'bad']);
  });

  it('waits at its end for what runs, and starts nothing more', async () => {
    const { runs, gates, work } = setup();
    for (const key of ['a', 'a', 'b', 'c']) work.wake(key);
    const closed = work.close();
    work.wake('d');
    gates[0]!();
    gates[1]!();
    await closed;
    expect(runs).toEqual(['a', 'b']);
  });
});

describe('commands that telemetry names', () => {
  const state = (id: string, status: string) => ({ command: { id, status } });

  it('are news once, bad news when it is said again, and all news again when told to forget', () => {
    const named = new NamedCommands();
    expect(named.hear('r', {})).toBeUndefined();
    expect(named.hear('r', { command: { id: 7 } })).toBeUndefined();
    expect(named.hear('r', state('1', 'RUNNING'))).toMatchObject({ id: '1', status: 'RUNNING' });
    expect(named.hear('r', state('1', 'RUNNING'))).toBeUndefined();
    expect(named.hear('q', state('1', 'RUNNING'))).toBeDefined();
    expect(named.hear('r', state('1', 'FAILED'))).toBeUndefined();
    expect(named.hear('r', state('1', 'FAILED'))).toMatchObject({ status: 'FAILED' });
    expect(named.hear('r', state('1', 'FAILED'))).toBeUndefined();
    named.forget('r');
    expect(named.hear('r', state('1', 'DONE'))).toBeDefined();
  });
});
