import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const DEBIAN_CHROMIUM = '/usr/bin/chromium';

export interface Browser {
  note: string;
  env: NodeJS.ProcessEnv;
}

export const NO_BROWSER_NEEDED: Browser = { note: 'no browser test in this run', env: {} };

export function usesBrowser(testFile: string): boolean {
  return /playwright/.test(readFileSync(testFile, 'utf8'));
}

/** The browser tests need Debian's Chromium: used where it is, installed where we may, and otherwise said to be missing. */
export function ensureBrowser(env: NodeJS.ProcessEnv): Browser {
  const wanted = env['CHROMIUM_PATH'] ?? DEBIAN_CHROMIUM;
  if (existsSync(wanted)) return { note: `Chromium: ${wanted}`, env: { CHROMIUM_PATH: wanted } };
  if (env['CHROMIUM_PATH']) return missing(`CHROMIUM_PATH names ${wanted}, which is not there`);
  if (process.getuid?.() !== 0) return missing(`${wanted} is missing and only root may install it`);
  process.stdout.write('  installing chromium (apt-get)...\n');
  const failure = apt('update') ?? apt('install', '-y', '--no-install-recommends', 'chromium');
  if (failure) return missing(`chromium could not be installed: ${failure}`);
  return existsSync(DEBIAN_CHROMIUM)
    ? { note: `Chromium: ${DEBIAN_CHROMIUM} (installed)`, env: { CHROMIUM_PATH: DEBIAN_CHROMIUM } }
    : missing(`the package chromium brought no ${DEBIAN_CHROMIUM}`);
}

function missing(why: string): Browser {
  return {
    note: `NO BROWSER: ${why}. The browser test cannot run and will fail. \`apt-get install chromium\`, or set CHROMIUM_PATH.`,
    env: {},
  };
}

function apt(...args: string[]): string | null {
  const result = spawnSync('apt-get', ['-q', ...args], {
    encoding: 'utf8',
    timeout: 600_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (result.error) return result.error.message;
  return result.status === 0
    ? null
    : (result.stderr.trim().split('\n').at(-1) ?? `exit code ${result.status}`);
}
