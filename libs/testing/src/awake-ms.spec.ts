import { setTimeout as sleep } from 'node:timers/promises';
import { awakeMs } from './awake-ms';

describe('time awake', () => {
  it('goes on while the process waits', async () => {
    const [began, awake] = [performance.now(), awakeMs()];
    await sleep(200);
    const heldUp = performance.now() - began - (awakeMs() - awake);
    expect(awakeMs() - awake).toBeGreaterThan(150);
    expect(heldUp).toBeGreaterThanOrEqual(0);
  });

  it('stands still while the process is held up', async () => {
    const awake = awakeMs();
    await sleep(20);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
    await sleep(20);
    expect(awakeMs() - awake).toBeLessThan(1_000);
  });
});
