import path from 'node:path';
import { startInfra, workspaceRoot, writeFileAtomically, type Infra } from '@teleop/infra';
import { ensureBrowser, NO_BROWSER_NEEDED, usesBrowser } from './browser';
import { closingLines, failures, outcome } from './closing-lines';
import { findProjects } from './find-tests';
import { listTests, runJest, type JestResult, type JestRun } from './run-jest';
import { clearDeadTestDirs, makeTestDir, removeTestDir } from './test-dir';

const INTERRUPTED = 130;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Every test of the workspace on servers of its own. Resolves with the exit code. */
export async function runTests(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const root = workspaceRoot(__dirname);
  const dataDir = path.resolve(env['TELEOP_DATA_DIR'] ?? path.join(root, '.data'));
  const { signal } = abortOnSignals();
  await clearDeadTestDirs(dataDir);
  const testDir = makeTestDir(dataDir);
  try {
    const results = await withServers(testDir, env, (servers) =>
      runTiers({
        root,
        projects: findProjects(root),
        forwarded: argv,
        folder: testDir,
        signal,
        env: { ...withoutUrls(env), ...servers, NODE_ENV: 'test', TEST_DATA_DIR: testDir },
      }),
    );
    const lines = [...failures(results, root), ...closingLines(results)];
    writeFileAtomically(path.join(dataDir, 'last-test-run.txt'), `${lines.join('\n')}\n`);
    print(`\n${lines.join('\n')}`);
    return signal.aborted ? INTERRUPTED : outcome(results);
  } finally {
    await removeTestDir(testDir);
  }
}

/** Quick tests first, two at a time; those that bring up the whole product one by one, as they need the machine for themselves. */
async function runTiers(common: Omit<JestRun, 'tier' | 'args'>): Promise<JestResult[]> {
  const { signal } = common;
  if (signal.aborted) return [];
  const results = [await runJest({ ...common, tier: 'fast', args: ['--maxWorkers=2', '--forceExit'] })];
  const e2e = signal.aborted ? [] : listTests({ ...common, tier: 'e2e' });
  if (e2e.length === 0) return results;
  const browser = e2e.some(usesBrowser) ? ensureBrowser(common.env) : NO_BROWSER_NEEDED;
  print(browser.note);
  const env = { ...common.env, ...browser.env };
  return [...results, await runJest({ ...common, env, tier: 'e2e', args: ['--runInBand', '--forceExit'] })];
}

async function withServers<T>(
  dataDir: string,
  env: NodeJS.ProcessEnv,
  work: (servers: Record<string, string>) => Promise<T>,
): Promise<T> {
  const infra: Infra = await startInfra({
    dataDir,
    env: withoutUrls(env),
    onProgress: (line) => print(`  ${line}`),
  });
  const { databaseUrl, natsUrl, redisUrl } = infra;
  try {
    return await work({ TEST_DATABASE_URL: databaseUrl, TEST_NATS_URL: natsUrl, TEST_REDIS_URL: redisUrl });
  } finally {
    await infra.stop();
  }
}

/** Jest gets a Ctrl-C of the terminal itself; what we have to do is to go on to the cleaning up. */
function abortOnSignals(): AbortController {
  const aborting = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => aborting.abort());
  return aborting;
}

/** Tests wipe what they work on: they never get the databases that a developer's shell points at. */
function withoutUrls(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, NATS_URL: _nats, REDIS_URL: _redis, ...rest } = env;
  return rest;
}
