import { rmSync } from 'node:fs';
import path from 'node:path';
import { startInfra, workspaceRoot, writeFileAtomically } from '@teleop/infra';
import { ensureBrowser } from './browser';
import { closingLines, outcome } from './closing-lines';
import { findTests } from './find-tests';
import { runJest, type JestResult } from './run-jest';
import { clearDeadTestDirs, makeTestDir } from './test-dir';

/** Ignored by one run, wanted by the other: jest's own way to split what one preset finds. */
const ALWAYS_IGNORED = ['/node_modules/', '/dist/', '/out-tsc/'];
const FAST_TIERS = ['\\.spec\\.ts$', '\\.medium-spec\\.ts$'];
const E2E_TIER = ['\\.e2e-spec\\.ts$'];

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

  const infra = await startInfra({
    dataDir: testDir,
    env: withoutUrls(env),
    onProgress: (line) => print(`  ${line}`),
  });
  try {
    const found = findTests(root);
    const common = {
      root,
      projects: found.projects,
      forwarded: argv,
      signal: aborting.signal,
      env: {
        ...withoutUrls(env),
        NODE_ENV: 'test',
        TEST_DATABASE_URL: infra.databaseUrl,
        TEST_NATS_URL: infra.natsUrl,
        TEST_REDIS_URL: infra.redisUrl,
      },
    };
    const results: JestResult[] = [
      await runJest({
        ...common,
        ignore: [...ALWAYS_IGNORED, ...E2E_TIER],
        args: ['--maxWorkers=2'],
        output: path.join(testDir, 'fast.json'),
      }),
    ];
    if (found.hasE2e && !aborting.signal.aborted) {
      const browser = ensureBrowser(env);
      print(browser.note);
      results.push(
        await runJest({
          ...common,
          env: { ...common.env, ...browser.env },
          ignore: [...ALWAYS_IGNORED, ...FAST_TIERS],
          args: ['--runInBand'],
          output: path.join(testDir, 'e2e.json'),
        }),
      );
    }
    const lines = closingLines(results);
    writeFileAtomically(path.join(dataDir, 'last-test-run.txt'), `${lines.join('\n')}\n`);
    print(`\n${lines.join('\n')}`);
    return aborting.signal.aborted ? 130 : outcome(results);
  } finally {
    await infra.stop();
    rmSync(testDir, { recursive: true, force: true });
  }
}

/** Tests wipe what they work on: they never get the databases that a developer's shell points at. */
function withoutUrls(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, NATS_URL: _nats, REDIS_URL: _redis, ...rest } = env;
  return rest;
}
