import type { Requirement } from './binary';
import type { BinaryCache } from './cache';
import { fromDebian } from './debian-packages';
import { fromPath } from './from-path';
import type { Rung } from './ladder';
import { atLeast } from './version';

export const REDIS_MINIMUM = [6, 2] as const;

export const redisRequirement: Requirement = {
  label: 'Redis 6.2 or newer',
  accepts: (version) => atLeast(version, REDIS_MINIMUM),
  howToInstall:
    'Install redis-server 6.2 or newer (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis).',
};

/** No npm package ships a Redis server, so that rung is missing. */
export function redisRungs(cache: BinaryCache, env: NodeJS.ProcessEnv): Rung[] {
  return [
    fromPath('redis-server', redisRequirement, env['PATH'], ['/usr/sbin', '/usr/local/sbin']),
    fromDebian('redis-server', 'usr/bin/redis-server', redisRequirement, cache),
  ];
}
