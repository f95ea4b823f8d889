import { tmpdir } from 'node:os';
import path from 'node:path';
import { tryAcquire, withLock } from '@teleop/infra';
import { isBuilt } from './world/service';
import { World } from './world/world';
import { printed } from './report/print';
import { Noise } from './measure/noise';
import { quietRounds } from './measure/rounds';
import { reached, type ScenarioResult } from './report/result';
import type { Scenario } from './scenarios/scenario';

export interface Outcome {
  readonly results: readonly ScenarioResult[];
  readonly missed: readonly string[];
  readonly failed: readonly string[];
}

/** Rounds that may be run for one that counts. */
const PATIENCE = 2;

const LOCK = path.join(tmpdir(), 'teleop-bench.lock');
const LOCK_WAIT_MS = 30 * 60_000;

const progress = (line: string) => process.stderr.write(`  ${line}\n`);

/** One after the other, each in a world of its own: what one left behind must not slow the next. */
export async function runScenarios(
  scenarios: readonly Scenario[],
  quick: boolean,
  onWorld: (world: World) => void,
): Promise<Outcome> {
  const results: ScenarioResult[] = [];
  const failed: string[] = [];
  for (const scenario of scenarios) {
    progress(`${scenario.name} …`);
    try {
      const missing = scenario.needs.filter((service) => !isBuilt(service));
      if (missing.length > 0)
        throw new Error(`not built: ${missing.join(', ')}; run \`npm run build\` first`);
      for (const result of await alone(() => runOne(scenario, quick, onWorld))) {
        results.push(result);
        console.log(printed(result));
      }
    } catch (error) {
      failed.push(scenario.name);
      console.log(`\n== ${scenario.name}\n✗ FAILED: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  const missed = results.flatMap(({ scenario, findings }) =>
    findings.filter((finding) => reached(finding) === false).map(({ what }) => `${scenario}: ${what}`),
  );
  return { results, missed, failed };
}

/** One benchmark at a time on a machine: two would measure each other. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  const lock = tryAcquire(LOCK);
  if ('release' in lock) lock.release();
  else progress(`waiting for the benchmark of process ${lock.holder.pid}`);
  return withLock(LOCK, work, LOCK_WAIT_MS);
}

async function runOne(scenario: Scenario, quick: boolean, onWorld: (world: World) => void) {
  const world = await World.start();
  onWorld(world);
  const noise = new Noise(() => world.pids());
  try {
    return await scenario.run(world, {
      quick,
      progress,
      rounds: (wanted, round) => quietRounds(wanted, quick ? 1 : PATIENCE, noise, round),
    });
  } finally {
    await world.stop();
  }
}
