import { InfraError } from '../errors';
import { readLivePidfile } from '../process/pidfile';
import { isRunning } from '../process/process-identity';
import { startInfra } from '../start-infra';
import { infraPidfile, stopLeftInfra } from '../stop-left-infra';
import { SERVER_NAMES } from '../types';

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

export async function runCommand(command: string, dataDir: string, usage: string): Promise<void> {
  switch (command) {
    case 'start':
      return start(dataDir);
    case 'stop':
      return stop(dataDir);
    case 'status':
      return status(dataDir);
    default:
      throw new InfraError(usage);
  }
}

/** Prints lines that a shell can take in: `eval "$(infra start)"` is the point, so progress goes to stderr. */
async function start(dataDir: string): Promise<void> {
  const infra = await startInfra({
    dataDir,
    keepRunning: true,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  print(`export DATABASE_URL='${infra.databaseUrl}'`);
  print(`export NATS_URL='${infra.natsUrl}'`);
  print(`export REDIS_URL='${infra.redisUrl}'`);
}

async function stop(dataDir: string): Promise<void> {
  const stopped = await stopLeftInfra(dataDir);
  for (const name of SERVER_NAMES) print(`${name}: ${stopped.includes(name) ? 'stopped' : 'not running'}`);
}

/** Exit code 3 when something does not run, as init scripts have it. */
async function status(dataDir: string): Promise<void> {
  for (const name of SERVER_NAMES) {
    const found = readLivePidfile(infraPidfile(dataDir, name));
    if (!found) {
      print(`${name}: not running`);
      process.exitCode = 3;
      continue;
    }
    const { launcher } = found;
    const owner =
      launcher === null
        ? 'kept'
        : isRunning(launcher)
          ? `of launcher ${launcher.pid}`
          : 'its launcher is gone';
    print(`${name}: pid ${found.pid}, 127.0.0.1:${found.port}, ${owner}`);
  }
  return Promise.resolve();
}
