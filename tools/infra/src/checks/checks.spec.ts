import { removeTempDirs, tempDir } from '../test-support/temp-dir.spec-support';
import { measureSkew, skewWarning } from './clock-skew';
import { freeMegabytes, requireFreeSpace } from './disk-space';
import { requireNode } from './node-version';

describe('checks before a start', () => {
  afterEach(removeTempDirs);

  it.each(['18.20.4', '20.18.1', '16.0.0'])('refuse Node %s by name', (version) => {
    expect(() => requireNode(version)).toThrow(`Node 20.19 or newer is needed; this is ${version}`);
  });

  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('accept Node %s', (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });

  it('say how much disk space there is and how much is needed', () => {
    const folder = tempDir();
    expect(() => requireFreeSpace(folder, 300, 'PostgreSQL data', () => 12)).toThrow(
      /Not enough disk space for PostgreSQL data: 12 MB free .* 300 MB needed/,
    );
    expect(() => requireFreeSpace(folder, 300, 'PostgreSQL data', () => 300)).not.toThrow();
  });

  it('measure a folder that is not there yet by the one it will be made in', () => {
    const folder = tempDir();
    expect(freeMegabytes(`${folder}/a/b`)).toBeGreaterThan(0);
  });

  it('compare another clock with ours at half the round trip', async () => {
    const now = jest.fn().mockReturnValueOnce(1_000).mockReturnValueOnce(2_000);
    expect(await measureSkew(() => Promise.resolve(1_500), now)).toBe(0);
  });

  it('warn of a clock that is more than 2 s off, by name and direction', () => {
    expect(skewWarning('PostgreSQL', 2_000)).toBeNull();
    expect(skewWarning('PostgreSQL', 5_300)).toMatch(
      /clock skew: PostgreSQL is 5\.3 s ahead of this machine/,
    );
    expect(skewWarning('PostgreSQL', -2_500)).toMatch(/2\.5 s behind/);
  });
});
