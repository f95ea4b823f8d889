import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { removeTempDirs, tempDir } from '../test-support/temp-dir.spec-support';
import { unprivileged } from './unprivileged';

const asRoot = process.getuid?.() === 0 ? it : it.skip;

/** A PATH that offers only these programs, as a container may. */
function pathWith(...programs: string[]): string {
  const folder = tempDir();
  chmodSync(folder, 0o755);
  for (const program of ['sh', 'id', 'touch', 'rm', 'test', ...programs]) {
    symlinkSync(execFileSync('which', [program], { encoding: 'utf8' }).trim(), path.join(folder, program));
  }
  return folder;
}

function dataFolder(mode: number): string {
  const parent = tempDir();
  chmodSync(parent, mode);
  const folder = path.join(parent, 'postgres');
  mkdirSync(folder);
  return folder;
}

const command = { file: '/bin/true', args: ['x'], cwd: '/', env: {} };

describe('running a program that refuses root', () => {
  afterEach(removeTempDirs);

  asRoot(
    'shows root as another user by a user namespace where there is unshare, and leaves files root’s',
    async () => {
      const folder = dataFolder(0o700);
      const disguise = await unprivileged('/bin/true', folder, { PATH: process.env['PATH'] });
      const { file, args } = disguise(command);
      if (file === 'unshare') expect(args).toEqual(['--user', '--map-user=1', '--', '/bin/true', 'x']);
      expect(statSync(folder).uid).toBe(file === 'unshare' ? 0 : 65_534);
    },
  );

  asRoot('becomes uid 65534, who then owns the data, where there is no unshare', async () => {
    const folder = dataFolder(0o755);
    const PATH = pathWith('true');
    if (!pathIsOpen(folder)) return; // a temporary folder below a 0700 one: the next rung's case
    const disguise = await unprivileged('/bin/true', folder, { PATH });
    expect(disguise(command)).toMatchObject({ file: '/bin/true', uid: 65_534, gid: 65_534 });
    expect(statSync(folder).uid).toBe(65_534);
  });

  asRoot('keeps the right to pass folders closed to others where uid 65534 may not look', async () => {
    const disguise = await unprivileged('/bin/true', dataFolder(0o700), {
      PATH: pathWith('true', 'setpriv'),
    });
    expect(disguise(command).file).toBe('setpriv');
  });

  asRoot('says what was tried when nothing helps', async () => {
    await expect(unprivileged('/bin/true', dataFolder(0o700), { PATH: pathWith('true') })).rejects.toThrow(
      /does not run as root.*- unshare: .*- uid 65534: .*- setpriv: /s,
    );
  });
});

function pathIsOpen(folder: string): boolean {
  for (let place = path.dirname(folder); place !== '/'; place = path.dirname(place)) {
    if ((statSync(place).mode & 0o001) === 0) return false;
  }
  return true;
}
