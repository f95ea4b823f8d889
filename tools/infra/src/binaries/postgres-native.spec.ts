import { mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeTempDirs, tempDir } from '../test-support/temp-dir.spec-support';
import { BinaryCache } from './cache';
import { repairNative } from './postgres-native';

/** What npm unpacks under ignore-scripts: files, no links, a list of the links. */
function unpackedWithoutScripts(): string {
  const native = path.join(tempDir(), 'native');
  mkdirSync(path.join(native, 'bin'), { recursive: true });
  mkdirSync(path.join(native, 'lib'));
  writeFileSync(path.join(native, 'bin', 'postgres'), '#!/bin/sh\n', { mode: 0o644 });
  writeFileSync(path.join(native, 'lib', 'libpq.so.5.18'), 'library');
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }));
  writeFileSync(path.join(native, 'pg-symlinks.json'), JSON.stringify(links));
  return native;
}

describe('PostgreSQL’s npm package after npm ran without scripts', () => {
  afterEach(removeTempDirs);

  it('gets its library links and its execute bits', async () => {
    const native = unpackedWithoutScripts();
    expect(await repairNative(native, new BinaryCache(tempDir()), 'copy')).toBe(native);
    expect(readlinkSync(path.join(native, 'lib', 'libpq.so'))).toBe('libpq.so.5.18');
    expect(readFileSync(path.join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
    expect(statSync(path.join(native, 'bin', 'postgres')).mode & 0o111).not.toBe(0);
  });

  it('is left as it is where the links exist already', async () => {
    const native = unpackedWithoutScripts();
    symlinkSync('libpq.so.5.18', path.join(native, 'lib', 'libpq.so'));
    await repairNative(native, new BinaryCache(tempDir()), 'copy');
    await repairNative(native, new BinaryCache(tempDir()), 'copy');
    expect(readlinkSync(path.join(native, 'lib', 'libpq.so'))).toBe('libpq.so.5.18');
  });
});
