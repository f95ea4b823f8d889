import { answerFaults } from './answer-faults';
import type { BadRequest } from './bad-request';
import { differences, type Fingerprint } from './fingerprint';
import type { ProblemRules } from './problem-faults';
import { send } from './send';

export interface BadInputTarget extends ProblemRules {
  /** Of the service. */
  readonly url: string;
  /** What a refusal must leave as it was. */
  readonly fingerprint: () => Promise<Fingerprint>;
  /** Waits until what an accepted request, or the service by itself, set in motion has ended. */
  readonly settle: () => Promise<void>;
}

const SHOWN = 20;
/** Requests between two looks at the database, which cost more than the requests. */
const BATCH = 25;

/** Sends one bad request and says what was wrong with the answer, or with the database after it. */
export async function faultOf(target: BadInputTarget, bad: BadRequest): Promise<string | undefined> {
  await target.settle();
  const before = await target.fingerprint();
  const { fault, accepted } = await sent(target, bad);
  if (accepted) return fault;
  await target.settle();
  const wrote = differences(before, await target.fingerprint());
  if (wrote.length === 0) return fault;
  return `${fault ?? bad.name}; wrote ${wrote.join(', ')}`;
}

async function sent(
  target: BadInputTarget,
  bad: BadRequest,
): Promise<{ fault: string | undefined; accepted: boolean }> {
  try {
    const answer = await send(target.url, bad.request);
    const faults = answerFaults(bad, answer, target);
    const seen = `[${answer.status} ${answer.body.slice(0, 300)}]`;
    return {
      fault: faults.length === 0 ? undefined : `${bad.name}: ${faults.join('; ')} ${seen}`,
      accepted: answer.status < 400,
    };
  } catch (error) {
    return { fault: `${bad.name}: ${(error as Error).message}`, accepted: false };
  }
}

/** Sends requests that must all be refused side by side; looks at them one by one only when something was written. */
async function faultsOfBatch(target: BadInputTarget, batch: readonly BadRequest[]): Promise<string[]> {
  await target.settle();
  const before = await target.fingerprint();
  const faults = (await Promise.all(batch.map((bad) => sent(target, bad)))).map(({ fault }) => fault);
  await target.settle();
  const wrote = differences(before, await target.fingerprint());
  if (wrote.length > 0) {
    const again: (string | undefined)[] = [];
    for (const bad of batch) again.push(await faultOf(target, bad));
    const named = again.some((fault) => fault?.includes('wrote'));
    faults.push(
      ...again,
      named ? undefined : `one of ${batch.map((bad) => bad.name).join(', ')} wrote ${wrote.join(', ')}`,
    );
  }
  return [...new Set(faults.filter((fault) => fault !== undefined))];
}

/** Sends them all; throws with all that was wrong. `atLeast`: a test over nothing proves nothing. */
export async function expectRefused(
  target: BadInputTarget,
  requests: readonly BadRequest[],
  { atLeast = 1 }: { atLeast?: number } = {},
): Promise<void> {
  if (requests.length < atLeast) throw new Error(`only ${requests.length} requests, expected ${atLeast}`);
  const faults: string[] = [];
  const toRefuse = requests.filter((bad) => bad.expected.kind === 'refused');
  for (let at = 0; at < toRefuse.length; at += BATCH) {
    faults.push(...(await faultsOfBatch(target, toRefuse.slice(at, at + BATCH))));
  }
  for (const bad of requests) {
    const fault = bad.expected.kind === 'refused' ? undefined : await faultOf(target, bad);
    if (fault !== undefined) faults.push(fault);
  }
  if (faults.length === 0) return;
  const shown = faults.slice(0, SHOWN).join('\n');
  throw new Error(`${faults.length} faults in ${requests.length} bad requests:\n${shown}`);
}
