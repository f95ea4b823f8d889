import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until a value (compared with ===) has stayed the same for `forMs`, and returns it; fails with `what` after `timeoutMs`. For
 * what comes to rest without saying so: a sender that is held back, somebody who asks no more.
 */
export async function waitForQuiet<T>(
  what: string,
  value: () => T,
  options: { forMs?: number; timeoutMs?: number } = {},
): Promise<T> {
  const forMs = options.forMs ?? 300;
  const deadline = performance.now() + (options.timeoutMs ?? 15_000);
  for (let last = value(); ;) {
    await sleep(forMs);
    const now = value();
    if (now === last) return now;
    if (performance.now() > deadline) throw new Error(`waited in vain for quiet: ${what}`);
    last = now;
  }
}
