import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeTempDirs, tempDir } from '../test-support/temp-dir.spec-support';
import { fromPath } from './from-path';
import { NothingThere } from './ladder';
import { postgresRequirement } from './postgres-binary';

function folderWithPostgres(says: string): string {
  const folder = tempDir();
  writeFileSync(path.join(folder, 'postgres'), `#!/bin/sh\n${says}\n`);
  chmodSync(path.join(folder, 'postgres'), 0o755);
  return folder;
}

const climb = (...folders: string[]) => fromPath('postgres', postgresRequirement, folders.join(':')).climb();

describe('programs on PATH', () => {
  afterEach(removeTempDirs);

  it('are taken by version, not by place: an old one in front does not hide the right one', async () => {
    const old = folderWithPostgres('echo "postgres (PostgreSQL) 15.18"');
    const right = folderWithPostgres('echo "postgres (PostgreSQL) 18.4"');
    expect(await climb(old, right)).toMatchObject({ file: path.join(right, 'postgres'), version: [18, 4] });
  });

  it('are refused with their version when it is the wrong one', async () => {
    await expect(climb(folderWithPostgres('echo "postgres (PostgreSQL) 17.2"'))).rejects.toThrow(
      /is version 17\.2/,
    );
  });

  it('are refused when they do not run', async () => {
    await expect(climb(folderWithPostgres('exit 127'))).rejects.toThrow(/does not run/);
  });

  it('are told apart from none at all', async () => {
    await expect(climb(tempDir())).rejects.toThrow(NothingThere);
  });
});
