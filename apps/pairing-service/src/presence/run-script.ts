import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

export interface ScriptCall {
  readonly script: string;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

const hashes = new Map<string, string>();

function hashOf(script: string): string {
  let sha = hashes.get(script);
  if (sha === undefined) hashes.set(script, (sha = createHash('sha1').update(script).digest('hex')));
  return sha;
}

const isForgotten = (error: Error | null) => error?.message.startsWith('NOSCRIPT') === true;

/** Runs a Lua script by its hash; Redis forgets scripts when it restarts, and is told again then. */
export async function runScript(
  redis: Redis,
  script: string,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(hashOf(script), keys.length, ...keys, ...args);
  } catch (error) {
    if (!isForgotten(error as Error)) throw error;
    return redis.eval(script, keys.length, ...keys, ...args);
  }
}

/** Many, by one write; answers in their order. Throws what the first one that failed was answered. */
export async function runScripts(redis: Redis, calls: readonly ScriptCall[]): Promise<unknown[]> {
  if (calls.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const { script, keys, args } of calls) pipeline.evalsha(hashOf(script), keys.length, ...keys, ...args);
  const answers = (await pipeline.exec()) ?? [];
  return Promise.all(
    calls.map(({ script, keys, args }, index) => {
      const [error, value] = answers[index] ?? [new Error('the pipeline was not answered'), undefined];
      if (isForgotten(error)) return redis.eval(script, keys.length, ...keys, ...args);
      if (error !== null) throw error;
      return value;
    }),
  );
}
