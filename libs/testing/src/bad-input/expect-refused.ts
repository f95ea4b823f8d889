import { answerFaults } from './answer-faults';
import type { BadRequest } from './bad-request';
import { differences, type Fingerprint } from './fingerprint';
import type { ProblemRules } from './problem-faults';
import { send, type WireAnswer } from './send';

export interface BadInputTarget extends ProblemRules {
  /** Of the service. */
  readonly url: string;
  /** What a refusal must leave as it was. */
  readonly fingerprint: () => Promise<Fingerprint>;
  /** Waits until what an accepted request set in motion has ended. */
  readonly settle: () => Promise<void>;
}

const SHOWN = 20;

/** Sends one bad request and says what was wrong with the answer, or with the database after it. */
export async function faultOf(target: BadInputTarget, bad: BadRequest): Promise<string | undefined> {
  const before = await target.fingerprint();
  let answer: WireAnswer;
  try {
    answer = await send(target.url, bad.request);
  } catch (error) {
    return `${bad.name}: ${(error as Error).message}`;
  }
  const faults = answerFaults(bad, answer, target);
  if (answer.status >= 400) {
    faults.push(...differences(before, await target.fingerprint()).map((change) => `wrote ${change}`));
  } else await target.settle();
  if (faults.length === 0) return undefined;
  return `${bad.name}: ${faults.join('; ')} [${answer.status} ${answer.body.slice(0, 300)}]`;
}

/** Sends them one after the other; throws with all that was wrong. `atLeast`: a test over nothing proves nothing. */
export async function expectRefused(
  target: BadInputTarget,
  requests: readonly BadRequest[],
  { atLeast = 1 }: { atLeast?: number } = {},
): Promise<void> {
  if (requests.length < atLeast) throw new Error(`only ${requests.length} requests, expected ${atLeast}`);
  const faults: string[] = [];
  for (const bad of requests) {
    const fault = await faultOf(target, bad);
    if (fault !== undefined) faults.push(fault);
  }
  if (faults.length === 0) return;
  const shown = faults.slice(0, SHOWN).join('\n');
  throw new Error(`${faults.length} of ${requests.length} bad requests:\n${shown}`);
}
