import { waitFor as waitShortly } from '@teleop/testing';

/** Cameras, ffmpeg and models on a machine that other tests share: what takes a second may take half a minute. */
export function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  options: { timeoutMs?: number } = {},
): Promise<NonNullable<T>> {
  return waitShortly(what, condition, { timeoutMs: 60_000, ...options });
}
