import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from '../link/backoff';
import type { Log } from '../link/log';
import type { Views } from './take-frames';

export interface VisionAddress {
  /** Origin of vision-service, or of the api-gateway in front of it. */
  readonly url: string;
  readonly internalToken: string;
}

/** The part of the answer that a robot's log shows. */
export interface Judged {
  readonly status: 'success' | 'failed';
  readonly success_count: number;
  readonly reward_points: number;
  readonly evaluation_id: string;
}

export interface TurnViews {
  readonly robotId: string;
  readonly controlToken: string;
  readonly views: Views;
}

const TIMEOUT_MS = 60_000;
const FIRST_MS = 500;
const MAX_MS = 15_000;

/**
 * Asks until there is an answer: it may be asked any number of times, one evaluation is made. Gives up on what will not
 * pass (4xx) and when `signal` aborts; undefined then.
 */
export async function sendViews(
  turn: TurnViews,
  address: VisionAddress,
  signal: AbortSignal,
  log: Log,
): Promise<Judged | undefined> {
  const backoff = new Backoff(FIRST_MS, MAX_MS);
  const body = JSON.stringify(turn);
  while (!signal.aborted) {
    const answer = await ask(body, address, signal);
    if (typeof answer === 'object') return answer;
    log('frames not taken', { why: answer });
    if (/^4\d\d/.test(answer)) return undefined;
    await sleep(backoff.next(), undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

async function ask(
  body: string,
  { url, internalToken }: VisionAddress,
  signal: AbortSignal,
): Promise<Judged | string> {
  try {
    const response = await fetch(new URL('/vision/dolls_compare', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${internalToken}` },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (response.ok) return (await response.json()) as Judged;
    return `${response.status} ${(await response.text()).slice(0, 200)}`;
  } catch (error) {
    return String(error);
  }
}
