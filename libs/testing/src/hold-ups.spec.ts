import { setTimeout as sleep } from 'node:timers/promises';
import { awakeBetween, watchHoldUps } from './hold-ups';

describe('time awake', () => {
  it('goes on while the process waits', async () => {
    watchHoldUps();
    let awake = 0;
    for (const began = performance.now(); awake < 200; awake = awakeBetween(began, performance.now())) {
      await sleep(20);
      expect(performance.now() - began).toBeLessThan(30_000);
    }
  });

  it('stands still while the process is held up, also looked back at', async () => {
    watchHoldUps();
    await sleep(20);
    const from = performance.now();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
    expect(awakeBetween(from, performance.now())).toBeLessThan(1_000);
    const to = performance.now();
    await sleep(50);
    expect(awakeBetween(from, to)).toBeLessThan(1_000);
  });

  it('is all of the time where nobody watched', () => {
    expect(awakeBetween(-2_000, -1_000)).toBe(1_000);
  });
});
