import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeTempDirs, tempDir } from '../test-support/temp-dir.spec-support';
import { tryAcquire, withLock } from './lock';

describe('lock', () => {
  afterEach(removeTempDirs);

  it('lets one in at a time', async () => {
    const file = path.join(tempDir(), 'x.lock');
    let inside = 0;
    let most = 0;
    await Promise.all(
      [1, 2, 3, 4].map(() =>
        withLock(file, async () => {
          most = Math.max(most, ++inside);
          await sleep(10);
          inside--;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  it('is taken over from a holder that died', async () => {
    const file = path.join(tempDir(), 'x.lock');
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'boot:1' }));
    expect(await withLock(file, () => Promise.resolve('in'))).toBe('in');
  });

  it('is given back when the work fails', async () => {
    const file = path.join(tempDir(), 'x.lock');
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });

  it('tells who holds it', () => {
    const file = path.join(tempDir(), 'x.lock');
    const mine = tryAcquire(file);
    expect(tryAcquire(file)).toMatchObject({ holder: { pid: process.pid } });
    if ('release' in mine) mine.release();
    expect(tryAcquire(file)).toHaveProperty('release');
  });
});
