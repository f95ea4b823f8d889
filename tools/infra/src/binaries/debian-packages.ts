import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../errors';
import { inspect, type Binary, type Requirement } from './binary';
import type { BinaryCache } from './cache';
import { isExecutable } from './from-path';
import { NothingThere, type Rung } from './ladder';
import { format, parseVersion } from './version';

const run = promisify(execFile);

/** Debian's package, with whatever libraries the machine lacks, unpacked into the cache. Needs no root and changes no system file. */
export function fromDebian(
  packageName: string,
  program: string,
  requirement: Requirement,
  cache: BinaryCache,
): Rung {
  const name = `debian-${packageName}-${releaseOfThisMachine()}-${process.arch}`;
  const open = async (): Promise<Binary> => {
    const folder = await cache.folder(name, (work) => unpack(packageName, requirement, work));
    const root = path.join(folder, 'root');
    return inspect(path.join(root, program), 'Debian package', requirement, {
      LD_LIBRARY_PATH: libraryPath(root),
    });
  };
  return {
    name: 'Debian packages',
    async climb() {
      try {
        return await open();
      } catch (error) {
        if (!existsSync(path.join(cache.root, name))) throw error;
        cache.discard(name); // unpacked for another machine, or a library went away: once more from the start
        return open();
      }
    },
  };
}

async function unpack(packageName: string, requirement: Requirement, work: string): Promise<void> {
  if (!['apt-get', 'apt-cache', 'dpkg-deb'].every(onPath)) throw new NothingThere('no apt-get here');
  const apt = await privateApt(path.join(work, 'apt'));
  await apt('apt-get', ['-q', 'update']);
  await requireCandidate(packageName, requirement, apt);
  const plan = await apt('apt-get', ['-q', '-s', '--no-install-recommends', 'install', packageName]);
  const missing = plan.split('\n').flatMap((line) => /^Inst (\S+)/.exec(line)?.[1] ?? []);
  const packages = missing.includes(packageName) ? missing : [...missing, packageName];
  const downloads = path.join(work, 'apt', 'downloads');
  mkdirSync(downloads);
  await apt('apt-get', ['-q', 'download', ...packages], downloads);
  const root = path.join(work, 'root');
  mkdirSync(root);
  for (const file of readdirSync(downloads)) await run('dpkg-deb', ['-x', path.join(downloads, file), root]);
  rmSync(path.join(work, 'apt'), { recursive: true, force: true });
}

type Apt = (program: string, args: string[], cwd?: string) => Promise<string>;

/** apt with lists and archives of its own: the system's need root, may be empty, and may be locked by someone else. */
async function privateApt(folder: string): Promise<Apt> {
  for (const sub of ['lists/partial', 'archives/partial'])
    mkdirSync(path.join(folder, sub), { recursive: true });
  const config = path.join(folder, 'apt.conf');
  writeFileSync(
    config,
    [
      `Dir::State::Lists "${folder}/lists";`,
      `Dir::Cache "${folder}";`,
      `Dir::Cache::archives "${folder}/archives";`,
      'Dir::Cache::pkgcache "";',
      'Dir::Cache::srcpkgcache "";',
      'APT::Sandbox::User "";',
      'Acquire::Languages "none";',
      'Acquire::Retries "2";',
      'Debug::NoLocking "true";',
      '',
    ].join('\n'),
  );
  return async (program, args, cwd = folder) => {
    try {
      const env = { ...process.env, APT_CONFIG: config, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
      return (await run(program, args, { cwd, env, timeout: 180_000, maxBuffer: 16 * 1024 * 1024 })).stdout;
    } catch (error) {
      const stderr = (error as { stderr?: string }).stderr?.trim().split('\n').slice(0, 4).join(' ');
      throw new Error(`${program} ${args.join(' ')} failed: ${stderr || messageOf(error)}`, { cause: error });
    }
  };
}

/** Looked at before anything is downloaded: bookworm's nats-server is 2.9, trixie's PostgreSQL 17. */
async function requireCandidate(packageName: string, requirement: Requirement, apt: Apt): Promise<void> {
  const policy = await apt('apt-cache', ['policy', packageName]);
  const candidate = /Candidate: (?:\d+:)?(\S+)/.exec(policy)?.[1];
  const version = candidate ? parseVersion(candidate) : null;
  if (!version) throw new Error(`this Debian has no package ${packageName}`);
  if (!requirement.accepts(version)) throw new Error(`this Debian has ${packageName} ${format(version)}`);
}

function libraryPath(root: string): string {
  const parents = [path.join(root, 'lib'), path.join(root, 'usr', 'lib')].filter((folder) =>
    existsSync(folder),
  );
  const triplets = parents.flatMap((parent) =>
    readdirSync(parent)
      .filter((entry) => /-linux-gnu/.test(entry))
      .map((entry) => path.join(parent, entry)),
  );
  return [...triplets, ...triplets.flatMap(libraryFolders), ...parents].join(':');
}

/** Folders below /usr/lib/<triplet> that hold libraries of which an installed system has a link or a configuration (BLAS, PulseAudio). */
function libraryFolders(parent: string): string[] {
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(parent, entry.name))
    .filter((folder) => readdirSync(folder).some((file) => /^lib.*\.so(\.\d+)*$/.test(file)));
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => isExecutable(path.join(folder, program)));
}

function releaseOfThisMachine(): string {
  try {
    const release = readFileSync('/etc/os-release', 'utf8');
    const value = (key: string): string => new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
    return `${value('ID')}${value('VERSION_ID')}`.replace(/[^\w.]/g, '') || 'unknown';
  } catch {
    return 'unknown';
  }
}
