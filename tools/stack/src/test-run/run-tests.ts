import path from 'node:path';
import { startInfra, workspaceRoot, writeFileAtomically } from '@teleop/infra';
import { ensureBrowser, NO_BROWSER_NEEDED, usesBrowser } from './browser';
import { closingLines, outcome } from './closing-lines';
import { findProjects } from './find-tests';
import { listTests, runJest, type JestResult } from './run-jest';
import { clearDeadTestDirs, makeTestDir, removeTestDir } from './test-dir';

/** Every test of the workspace on servers of its own. Resolves with the exit code. */
export async function runTests(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const root = workspaceRoot(__dirname);
  const dataDir = path.resolve(env['TELEOP_DATA_DIR'] ?? path.join(root, '.data'));
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  await clearDeadTestDirs(dataDir);
  const testDir = makeTestDir(dataDir);
  const aborting = new AbortController();
  const interrupt = (): void => aborting.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);

  try {
    const infra = await startInfra({
      dataDir: testDir,
      env: withoutUrls(env),
      onProgress: (line) => print(`  ${line}`),
    });
    const results: JestResult[] = [];
    try {
      const common = {
        root,
        projects: findProjects(root),
        forwarded: argv,
        folder: testDir,
        signal: aborting.signal,
        env: {
          ...withoutUrls(env),
          NODE_ENV: 'test',
          TEST_DATABASE_URL: infra.databaseUrl,
          TEST_NATS_URL: infra.natsUrl,
          TEST_REDIS_URL: infra.redisUrl,
          TEST_DATA_DIR: testDir,
        },
      };
      if (!aborting.signal.aborted)
        results.push(await runJest({ ...common, tier: 'fast', args: ['--maxWorkers=2'] }));
      const e2e = aborting.signal.aborted ? [] : listTests({ ...common, tier: 'e2e' });
      if (e2e.length > 0) {
        const browser = e2e.some(usesBrowser) ? ensureBrowser(env) : NO_BROWSER_NEEDED;
        print(browser.note);
        const withBrowser = { ...common.env, ...browser.env };
        results.push(await runJest({ ...common, env: withBrowser, tier: 'e2e', args: ['--runInBand'] }));
      }
    } finally {
      await infra.stop();
    }
    const lines = closingLines(results);
    writeFileAtomically(path.join(dataDir, 'last-test-run.txt'), `${lines.join('\n')}\n`);
    print(`\n${lines.join('\n')}`);
    return aborting.signal.aborted ? 130 : outcome(results);
  } finally {
    await removeTestDir(testDir);
  }
}

/** Tests wipe what they work on: they never get the databases that a developer's shell points at. */
function withoutUrls(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, NATS_URL: _nats, REDIS_URL: _redis, ...rest } = env;
  return rest;
}
