import { chmodSync, cpSync, existsSync, lstatSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { codeOf } from '../errors';
import type { BinaryCache } from './cache';
import { isExecutable } from './from-path';

interface Link {
  source: string;
  target: string;
}

/**
 * npm archives hold no symbolic links: the package makes its library links in an install script, which npm does not run under
 * ignore-scripts. They are made here from the same list; in a read-only node_modules, on a copy in the cache.
 */
export async function repairNative(native: string, cache: BinaryCache, copyName: string): Promise<string> {
  try {
    repairInPlace(native);
    return native;
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
    return cache.folder(copyName, async (folder) => {
      cpSync(native, folder, { recursive: true, verbatimSymlinks: true });
      repairInPlace(folder);
    });
  }
}

function repairInPlace(native: string): void {
  for (const link of linksOf(native)) {
    const target = inside(native, link.target);
    if (isThere(target)) continue;
    linkTolerantly(path.relative(path.dirname(target), inside(native, link.source)), target);
  }
  const bin = path.join(native, 'bin');
  for (const program of readdirSync(bin)) {
    const file = path.join(bin, program);
    if (!isExecutable(file)) chmodSync(file, 0o755);
  }
}

function linksOf(native: string): Link[] {
  const list = path.join(native, 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Link[]) : [];
}

/** The list counts from the package's folder, one above `native`. */
function inside(native: string, listed: string): string {
  return path.join(native, path.relative('native', listed));
}

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function linkTolerantly(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error; // another process repairs the same package
  }
}
