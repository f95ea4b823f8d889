import path from 'node:path';
import { endProcess } from './process/end-process';
import { readLivePidfile, removePidfile } from './process/pidfile';
import { SERVER_NAMES, type ServerName } from './types';

const STOP_SIGNAL: Record<ServerName, NodeJS.Signals> = {
  postgres: 'SIGINT',
  nats: 'SIGTERM',
  redis: 'SIGTERM',
};
const WAIT_MS = 10_000;

/** Stops whatever servers the pidfiles of a data folder speak of, whoever started them. Returns the names of those that ran. */
export async function stopLeftInfra(dataDir: string): Promise<ServerName[]> {
  const stopped = await Promise.all(
    SERVER_NAMES.map(async (name) => {
      const file = infraPidfile(dataDir, name);
      const found = readLivePidfile(file);
      if (found) await endProcess(found, [{ signal: STOP_SIGNAL[name], waitMs: WAIT_MS }]);
      removePidfile(file);
      return found ? [name] : [];
    }),
  );
  return stopped.flat();
}

export function infraPidfile(dataDir: string, name: ServerName): string {
  return path.join(path.resolve(dataDir), 'run', `${name}.json`);
}
