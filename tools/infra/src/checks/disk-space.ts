import { existsSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { InfraError } from '../errors';

const MB = 1024 * 1024;

export function freeMegabytes(dir: string): number {
  const { bavail, bsize } = statfsSync(nearestExisting(dir));
  return Math.floor((bavail * bsize) / MB);
}

/** Said before the work starts: a full disk in the middle of it leaves half a cluster and a riddle. */
export function requireFreeSpace(
  dir: string,
  neededMb: number,
  purpose: string,
  measure = freeMegabytes,
): void {
  const free = measure(dir);
  if (free >= neededMb) return;
  throw new InfraError(
    `Not enough disk space for ${purpose}: ${free} MB free where ${dir} is kept, ${neededMb} MB needed. ` +
      'Make room, or choose another place with --data (TELEOP_CACHE_DIR for unpacked programs).',
  );
}

function nearestExisting(dir: string): string {
  const absolute = path.resolve(dir);
  return existsSync(absolute) ? absolute : nearestExisting(path.dirname(absolute));
}
