import { createHash } from 'node:crypto';
import type { Database, Tx } from '@teleop/persistence';
import { ProblemError } from '@teleop/service-kit';
import { isRefusal, refusal } from '../turns/codes';

export interface IdempotentRequest {
  /** Who asks for what: the same key of another caller or call is another key. */
  readonly scope: string;
  /** The `Idempotency-Key` header; undefined: an ordinary request. */
  readonly key: string | undefined;
  readonly body: object;
}

interface Stored {
  readonly request_hash: Buffer;
  readonly status: number | null;
  readonly body: object | null;
}

const CLAIM = `
  INSERT INTO teleop.idempotency_key (scope, key, request_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING key
`;
const READ = 'SELECT request_hash, status, body FROM teleop.idempotency_key WHERE scope = $1 AND key = $2';
const STORE = 'UPDATE teleop.idempotency_key SET status = $3, body = $4 WHERE scope = $1 AND key = $2';
const FORGET = `DELETE FROM teleop.idempotency_key WHERE created_at < now() - make_interval(days => $1::int)`;

const KEY_PATTERN = /^[\x21-\x7e]{1,255}$/;

/**
 * `Idempotency-Key` on POSTs: the key, the change and the answer are one transaction, so a repeat (also a simultaneous
 * one, which waits on the key's row) gets the first answer and changes nothing. A refusal is an answer too; a 401 or a
 * failure is not kept.
 */
export class IdempotentPosts {
  constructor(private readonly database: Database) {}

  async run<T extends object>(request: IdempotentRequest, work: (tx: Tx) => Promise<T>): Promise<T> {
    const { key, scope } = request;
    if (key === undefined) return work(this.database);
    if (!KEY_PATTERN.test(key)) {
      throw new ProblemError(
        400,
        'VALIDATION_FAILED',
        'Idempotency-Key must be 1-255 visible ASCII characters',
        {
          errors: [{ path: 'Idempotency-Key', message: 'must be 1-255 visible ASCII characters' }],
        },
      );
    }
    const hash = createHash('sha256').update(JSON.stringify(request.body)).digest();
    const outcome = await this.database.transaction((tx) => this.once(tx, scope, key, hash, work));
    if ('refused' in outcome) throw outcome.refused;
    return outcome.answer;
  }

  /** Forgets keys older than so many days. */
  async forget(days: number): Promise<void> {
    await this.database.query(FORGET, [days]);
  }

  private async once<T extends object>(
    tx: Tx,
    scope: string,
    key: string,
    hash: Buffer,
    work: (tx: Tx) => Promise<T>,
  ): Promise<{ answer: T } | { refused: ProblemError }> {
    const claimed = await tx.query(CLAIM, [scope, key, hash]);
    if (claimed.length === 0) return replay<T>(await tx.one<Stored>(READ, [scope, key]), hash);
    try {
      const answer = await work(tx);
      await tx.query(STORE, [scope, key, 200, JSON.stringify(answer)]);
      return { answer };
    } catch (error) {
      // The functions write nothing when they refuse, so the transaction can still keep the answer.
      if (!(error instanceof ProblemError) || !isFinal(error)) throw error;
      await tx.query(STORE, [scope, key, error.status, JSON.stringify({ code: error.code })]);
      return { refused: error };
    }
  }
}

/** A refusal that asking again would not change by itself; 401 and failures are tried anew. */
function isFinal(error: ProblemError): boolean {
  return isRefusal(error.code) && error.status !== 401 && error.status < 500;
}

function replay<T extends object>(stored: Stored, hash: Buffer): { answer: T } | { refused: ProblemError } {
  if (!stored.request_hash.equals(hash)) {
    throw new ProblemError(422, 'IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used with another body', {
      errors: [{ path: 'Idempotency-Key', message: 'was used with another body' }],
    });
  }
  const { body, status } = stored;
  if (status === null || body === null)
    throw new Error('an idempotency key was committed without its answer');
  if (status === 200) return { answer: body as T };
  const { code } = body as { code: string };
  if (!isRefusal(code)) throw new Error(`an idempotency key holds an unknown refusal: ${code}`);
  return { refused: refusal(code) };
}
