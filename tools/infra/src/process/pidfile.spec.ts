import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeTempDirs, tempDir } from '../test-support/temp-dir.spec-support';
import { hasOtherOwner, parsePidfile, readLivePidfile, thisProcess, writePidfile } from './pidfile';

describe('pidfile', () => {
  afterEach(removeTempDirs);

  it('gives back what was written while the process runs', () => {
    const file = path.join(tempDir(), 'run', 'nats.json');
    const content = { ...thisProcess(), port: 4222, launcher: thisProcess() };
    writePidfile(file, content);
    expect(readLivePidfile(file)).toEqual(content);
  });

  it('is null for a process that started at another moment', () => {
    const file = path.join(tempDir(), 'nats.json');
    writePidfile(file, { pid: process.pid, startedAt: 'boot:1', port: 4222, launcher: null });
    expect(readLivePidfile(file)).toBeNull();
  });

  it.each([
    '',
    '{"pid": 12',
    'null',
    '[]',
    '{"pid":"1","startedAt":"x","port":1,"launcher":null}',
    '{"pid":1,"startedAt":"x"}',
  ])('is null for %j', (text) => {
    expect(parsePidfile(text)).toBeNull();
  });

  it('is null when there is no file, or it cannot be read', () => {
    const folder = tempDir();
    mkdirSync(path.join(folder, 'nats.json'));
    expect(readLivePidfile(path.join(folder, 'nats.json'))).toBeNull();
    expect(readLivePidfile(path.join(folder, 'absent.json'))).toBeNull();
  });

  it('lets a dead launcher’s server be taken over, but not a live one’s, nor one that was started to stay', () => {
    const server = { ...thisProcess(), port: 1 };
    expect(hasOtherOwner({ ...server, launcher: { pid: process.pid, startedAt: 'boot:1' } })).toBe(false);
    expect(hasOtherOwner({ ...server, launcher: thisProcess() })).toBe(true);
    expect(hasOtherOwner({ ...server, launcher: null })).toBe(true);
  });

  it('survives a writer that died: a torn file is never seen under its name', () => {
    const file = path.join(tempDir(), 'redis.json');
    writeFileSync(`${file}.999.0.tmp`, '{"pid": 1');
    expect(readLivePidfile(file)).toBeNull();
  });
});
