import { spawnSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
const ENV = {
  ...process.env,
  NX_DAEMON: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_CACHE_PROJECT_GRAPH: 'true',
};

/** Lints `code` as if it stood in `file`, with the workspace's own rules. */
function lint(file: string, code: string): string[] {
  const run = spawnSync(
    process.execPath,
    ['node_modules/eslint/bin/eslint.js', '--stdin', '--stdin-filename', file, '--format', 'json'],
    {
      cwd: ROOT,
      env: ENV,
      input: code,
      encoding: 'utf8',
    },
  );
  const [result] = JSON.parse(run.stdout) as { messages: { ruleId: string; message: string }[] }[];
  return result!.messages.map((message) => message.ruleId);
}

/** Who may import whom: each of these must be refused by the boundaries rule, as docs/architecture.md has it. */
describe('module boundaries', () => {
  beforeAll(() => {
    // The rule reads the project graph that nx has cached.
    const shown = spawnSync('npx', ['nx', 'show', 'projects'], { cwd: ROOT, env: ENV, encoding: 'utf8' });
    expect(shown.stdout).toContain('@teleop/queue-service');
  }, 120_000);

  it.each([
    ['an app that imports a tool', 'apps/queue-service/src/config.ts', '@teleop/infra'],
    ['an app that imports the test library', 'apps/queue-service/src/config.ts', '@teleop/testing'],
    ['messaging that imports persistence', 'libs/messaging/src/tx.ts', '@teleop/persistence'],
    ['contracts that import auth', 'libs/contracts/src/core/describe.ts', '@teleop/auth'],
    ['auth that imports the service kit', 'libs/auth/src/secrets.ts', '@teleop/service-kit'],
  ])(
    'refuse %s',
    (_name, file, imported) => {
      expect(lint(file, `import * as it from '${imported}';\nexport const x = it;\n`)).toContain(
        '@nx/enforce-module-boundaries',
      );
    },
    60_000,
  );

  it('let an app import a library', () => {
    expect(
      lint(
        'apps/queue-service/src/config.ts',
        `import * as it from '@teleop/contracts';\nexport const x = it;\n`,
      ),
    ).not.toContain('@nx/enforce-module-boundaries');
  }, 60_000);
});
