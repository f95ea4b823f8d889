import { codeOf } from '../errors';
import { isRunning, type ProcessIdentity } from './process-identity';
import { waitUntil } from './wait-until';

/** Sends a signal to exactly this process; a recycled pid is left alone. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error; // it ended between the look and the signal
  }
}

export interface StopStep {
  signal: NodeJS.Signals;
  waitMs: number;
}

/** Asks politely, then kills. Resolves once the process is gone. */
export async function endProcess(identity: ProcessIdentity, steps: readonly StopStep[]): Promise<void> {
  for (const step of [...steps, { signal: 'SIGKILL' as const, waitMs: 2_000 }]) {
    signal(identity, step.signal);
    if (await waitUntil(() => !isRunning(identity), step.waitMs)) return;
  }
  throw new Error(`process ${identity.pid} survived SIGKILL`);
}
