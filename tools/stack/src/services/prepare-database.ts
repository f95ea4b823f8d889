import { processEnvironment } from '../environment';
import { entryPoint, type EntryPoint, type Layout } from '../layout';
import type { ServiceDefinition } from '../services';
import type { ChildContext } from '../supervise/child';
import { runOnce } from './run-once';

export interface PrepareOptions {
  layout: Layout;
  context: ChildContext;
  services: readonly ServiceDefinition[];
  env: Record<string, string>;
  caller: NodeJS.ProcessEnv;
  demo: boolean;
  signal: AbortSignal | undefined;
  step: <T>(name: string, work: () => Promise<T>) => Promise<T>;
}

/**
 * Every service's migrations, then every service's rows. One after the other: they share one database, and two that create the
 * same extension at once would fail each other.
 */
export async function prepareDatabase(options: PrepareOptions): Promise<void> {
  await options.step('migrations', () => runAll(options, 'migrate', 'Migrations', []));
  await options.step(options.demo ? 'demo data' : 'base data', () =>
    runAll(options, 'seed', 'Seed data', options.demo ? ['--demo'] : []),
  );
}

async function runAll(
  options: PrepareOptions,
  entry: EntryPoint,
  what: string,
  args: string[],
): Promise<void> {
  for (const { name } of options.services) {
    const file = entryPoint(options.layout, name, entry);
    if (!file) continue;
    await runOnce(
      {
        name: `${name}.${entry}`,
        what: `${what} of ${name}`,
        file,
        args,
        cwd: options.layout.appsDir,
        env: processEnvironment(options.env, {}, options.caller),
      },
      options.context.logs,
      options.signal,
    );
  }
}
