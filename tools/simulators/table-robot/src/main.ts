import { BadFlagError, readSettings, type Settings } from './cli/settings';
import { USAGE } from './cli/usage';
import { BadFaultError } from './faults/faults';
import { Fleet, type FleetOptions } from './fleet';
import { jsonLines } from './link/log';
import { BadMapError } from './map/robot-map';

function fail(error: unknown): never {
  const known =
    error instanceof BadFlagError || error instanceof BadFaultError || error instanceof BadMapError;
  // parseArgs and the file system name the flag or the file in their own errors.
  const coded = typeof (error as { code?: unknown }).code === 'string';
  if (!known && !coded) throw error;
  process.stderr.write(`${(error as Error).message}\n\nTry --help.\n`);
  process.exit(2);
}

function settings(): Settings {
  try {
    return readSettings(process.argv.slice(2), process.env);
  } catch (error) {
    return fail(error);
  }
}

async function run(options: FleetOptions): Promise<void> {
  const fleet = new Fleet({ ...options, log: jsonLines });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void fleet.stop().then(() => process.exit(0)));
  }
  await fleet.start();
  for (const { robotId, port } of fleet.robots) jsonLines(robotId)('started', { port });
}

const told = settings();
if (told.help) process.stdout.write(USAGE);
else run(told.fleet).catch(fail);
