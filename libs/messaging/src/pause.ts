import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, unless the signal says that there is no use in waiting any more. Never throws. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // The only way a sleep fails is that it is cut short.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
