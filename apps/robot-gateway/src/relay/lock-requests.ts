import { LOCK_ANSWERS, type LockAnswer } from '@teleop/contracts';

interface Asked {
  readonly at: number;
  /** What the gateway says when the robot does not. */
  readonly fallback: LockAnswer;
  answered: boolean;
}

/** Requests under way at once; a driver asks once or twice a turn. */
const MAX_WAITING = 16;
/** A robot that has not answered by then does not know the question. */
const FORGET_MS = 5_000;

/**
 * `lock_request`s a driver sent on to his robot. The robot answers in order; when it takes longer than `answerMs` the
 * gateway answers instead and the robot's own late answer is swallowed: each request is answered exactly once.
 */
export class LockRequests {
  readonly #asked: Asked[] = [];

  constructor(private readonly answerMs: number) {}

  /** True while an answer of the robot must be looked for. */
  get waiting(): boolean {
    return this.#asked.length > 0;
  }

  /** False when too many are under way: it is then not to be sent on. */
  ask(now: number, fallback: LockAnswer): boolean {
    if (this.#asked.length >= MAX_WAITING) return false;
    this.#asked.push({ at: now, fallback, answered: false });
    return true;
  }

  /** The robot answered: pass it on, or swallow it because the gateway already has. */
  robotAnswered(): 'pass' | 'swallow' {
    return this.#asked.shift()?.answered === true ? 'swallow' : 'pass';
  }

  /** The answers the gateway owes by now; each is returned once. */
  due(now: number): LockAnswer[] {
    if (this.#asked.length === 0) return [];
    while (this.#asked[0] !== undefined && now - this.#asked[0].at > FORGET_MS) this.#asked.shift();
    const due = this.#asked.filter(({ at, answered }) => !answered && now - at >= this.answerMs);
    for (const asked of due) asked.answered = true;
    return due.map(({ fallback }) => fallback);
  }
}

const REQUEST_MARK = Buffer.from('"lock_request"');
const MAX_BYTES = 1_024;

/**
 * The token of a `lock_request` frame, or undefined for any other. All other frames cost one search of a few bytes;
 * only one that holds the mark is parsed, so the order of its keys and its white space do not matter.
 */
export function lockRequestToken(data: Buffer): string | undefined {
  if (data.length > MAX_BYTES || !data.includes(REQUEST_MARK)) return undefined;
  const frame = parse(data);
  if (frame?.['type'] !== 'lock_request') return undefined;
  return typeof frame['token'] === 'string' ? frame['token'] : '';
}

/** Whether a robot's frame answers a `lock_request`. */
export function isLockAnswer(data: Buffer): boolean {
  if (data.length > MAX_BYTES) return false;
  return LOCK_ANSWERS.some((answer) => data.includes(answer)) && isAnswer(parse(data)?.['type']);
}

function isAnswer(type: unknown): boolean {
  return (LOCK_ANSWERS as readonly unknown[]).includes(type);
}

function parse(data: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(data.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Not ours to judge: it passes as any other frame.
    return undefined;
  }
}
