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
const LONGEST_RETRY_AFTER_MS = 300_000;
/** Of the 4xx, those that say nothing of the request: too slow or too often this time. */
const PASSING = new Set([408, 429]);

interface NotTaken {
  readonly why: string;
  readonly mayPass: boolean;
  /** As the server asks; 0 when it does not. */
  readonly retryAfterMs: number;
}

/**
 * Asks until there is an answer: it may be asked any number of times, one evaluation is made. Gives up on what will not
 * pass (4xx, but for 408 and 429) and when `signal` aborts; undefined then.
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
    if (!('why' in answer)) return answer;
    const { why, mayPass, retryAfterMs } = answer;
    log('frames not taken', { why });
    if (!mayPass) return undefined;
    await sleep(retryAfterMs + backoff.next(), undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

async function ask(
  body: string,
  { url, internalToken }: VisionAddress,
  signal: AbortSignal,
): Promise<Judged | NotTaken> {
  // Held by its timer: within AbortSignal.any() a timeout signal that nothing else holds may be collected, and never abort.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error('no answer in time')), TIMEOUT_MS);
  try {
    const response = await fetch(new URL('/vision/dolls_compare', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${internalToken}` },
      body,
      signal: AbortSignal.any([signal, late.signal]),
    });
    if (response.ok) return (await response.json()) as Judged;
    const { status } = response;
    return {
      why: `${status} ${(await response.text()).slice(0, 200)}`,
      mayPass: status < 400 || status >= 500 || PASSING.has(status),
      retryAfterMs: retryAfterMs(response.headers),
    };
  } catch (error) {
    return { why: String(error), mayPass: true, retryAfterMs: 0 };
  } finally {
    clearTimeout(timer);
  }
}

/** Of `retry-after` in seconds, which is how vision-service says it. */
function retryAfterMs(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return seconds > 0 ? Math.min(LONGEST_RETRY_AFTER_MS, seconds * 1_000) : 0;
}
