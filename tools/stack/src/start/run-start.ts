import { mkdirSync } from 'node:fs';
import { requireNode } from '@teleop/infra';
import type { Layout } from '../layout';
import { pretty } from '../log/pretty';
import { parseOptions, USAGE } from '../options';
import { startStack } from '../stack';
import type { Stack } from '../types';
import { demoUser } from './demo-user';
import { onStopSignal } from './stop-signals';
import { wipe } from './wipe';
import { welcome } from './welcome';

/** Runs until it is told to stop. Resolves when everything has been stopped. */
export async function runStart(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  layout?: Layout,
): Promise<void> {
  const begun = performance.now();
  const options = parseOptions(argv, env);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  if (options.help) return print(USAGE);
  requireNode();
  if (options.fresh) await wipe(options.dataDir);
  mkdirSync(options.dataDir, { recursive: true });

  const colour = env['NO_COLOR'] ? false : Boolean(env['FORCE_COLOR']) || process.stdout.isTTY;
  const aborting = new AbortController();
  let stack: Stack | null = null;
  const stopped = onStopSignal(async (signal) => {
    print(`\n${signal}: stopping...`);
    aborting.abort(new StartAborted(signal));
    await stack?.stop();
  });
  try {
    stack = await startStack({
      dataDir: options.dataDir,
      basePort: options.port,
      demo: options.demo,
      simulators: options.demo,
      signal: aborting.signal,
      layout,
      onStep: ({ name, ms }) => print(`✓ ${name.padEnd(48)} ${(ms / 1_000).toFixed(1)} s`),
      // While it starts, remarks belong to the step under way; later they are lines of the log among others.
      onNotice: (line) => print(stack ? pretty('launcher', line, { colour }) : `  ${line}`),
      onLine: (process, line) => print(pretty(process, line, { colour })),
    });
    print(welcome(stack, options.dataDir, await demoUser(stack.databaseUrl), performance.now() - begun));
  } catch (error) {
    if (!aborting.signal.aborted) throw error; // else it is only the start giving up, as it was told to
  }
  await stopped;
  print('stopped');
}

class StartAborted extends Error {
  override readonly name = 'StartAborted';
}
