import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeTempDirs, tempDir } from '../test-support/temp-dir.spec-support';
import { BinaryCache, cacheRoot } from './cache';

describe('the cache of programs', () => {
  afterEach(removeTempDirs);

  it('keeps nothing of an unpacking that failed', async () => {
    const cache = new BinaryCache(tempDir());
    const failing = cache.folder('redis', (folder) => {
      writeFileSync(path.join(folder, 'half'), '');
      return Promise.reject(new Error('connection lost'));
    });
    await expect(failing).rejects.toThrow('connection lost');
    expect(readdirSync(cache.root)).toEqual([]);
  });

  it('is open to the other accounts of the machine', async () => {
    const cache = new BinaryCache(tempDir());
    const folder = await cache.folder('redis', () => Promise.resolve());
    expect(statSync(folder).mode & 0o777).toBe(0o755);
  });

  it('is where TELEOP_CACHE_DIR says, else below node_modules', () => {
    const workspace = tempDir();
    expect(cacheRoot({ TELEOP_CACHE_DIR: '/x' }, workspace)).toBe('/x');
    expect(cacheRoot({}, workspace)).toBe(path.join(workspace, 'node_modules', '.cache', 'teleop-infra'));
  });

  const asUser = process.getuid?.() === 0 ? it.skip : it; // root may write everywhere
  asUser('is the user’s own where the workspace may not be written to', () => {
    const workspace = tempDir();
    mkdirSync(path.join(workspace, 'node_modules'));
    chmodSync(path.join(workspace, 'node_modules'), 0o555);
    expect(cacheRoot({ HOME: '/home/me' }, workspace)).toBe('/home/me/.cache/teleop-infra');
    expect(existsSync('/home/me')).toBe(false);
  });
});
