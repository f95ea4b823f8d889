import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseOptions } from './options';
import { runScenarios } from './run-scenarios';
import { SCENARIOS } from './scenarios';
import type { World } from './world/world';

const HELP = `npm run bench -- [scenario...] [--quick] [--json FILE]

Each scenario runs ours and a bare floor in turn, on servers of its own, and prints the ratio.
Scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}
Exit code: 0 all goals reached, 1 a goal missed, 2 something did not run.`;

let world: World | undefined;

function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      const stopped = world?.stop() ?? Promise.resolve();
      void stopped.finally(() => process.exit(130));
    });
  }
  process.on('exit', () => world?.killServices());
}

async function main(): Promise<number> {
  const options = parseOptions(
    process.argv.slice(2),
    SCENARIOS.map(({ name }) => name),
  );
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  stopOnSignals();
  const chosen = SCENARIOS.filter(
    ({ name }) => options.scenarios.length === 0 || options.scenarios.includes(name),
  );
  const machine = `${os.availableParallelism()} cores, ${os.cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}`;
  const load = os
    .loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');
  console.log(`${machine}; load average at start ${load}`);
  const outcome = await runScenarios(chosen, options.quick, (made) => (world = made));
  if (options.json !== undefined) {
    writeFileSync(options.json, JSON.stringify({ machine, load, quick: options.quick, ...outcome }, null, 2));
  }
  console.log(`\nmissed: ${outcome.missed.join('; ') || 'nothing'}`);
  if (outcome.failed.length > 0) console.log(`did not run: ${outcome.failed.join(', ')}`);
  return outcome.failed.length > 0 ? 2 : outcome.missed.length > 0 ? 1 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
