import type { Response } from 'openai/resources/responses/responses';
import { ModelUnavailable, UnreadableReply, type ModelReply, type TokenUse } from './vision-model';

function useOf(response: Partial<Response>): TokenUse {
  const { input_tokens = 0, output_tokens = 0 } = (response.usage ?? {}) as Partial<
    NonNullable<Response['usage']>
  >;
  const count = (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;
  return { inputTokens: count(input_tokens), outputTokens: count(output_tokens) };
}

/** Of a compatible server not every field is there: what is missing is no answer rather than an error of ours. */
export function readReply(response: Partial<Response> | null | undefined): ModelReply {
  if (typeof response !== 'object' || response === null)
    throw new UnreadableReply('the answer is not a response');
  const use = useOf(response);
  const { status } = response;
  if (status === 'failed' || response.error) {
    throw new ModelUnavailable(`the model failed (${response.error?.code ?? 'no reason'})`, 'failing');
  }
  // A count that was cut off may still read as a number.
  if (status === 'incomplete') {
    throw new UnreadableReply(
      `the answer is cut off (${response.incomplete_details?.reason ?? 'no reason'})`,
      use,
    );
  }
  const parts = (Array.isArray(response.output) ? response.output : []).flatMap((item) =>
    item.type === 'message' && Array.isArray(item.content) ? item.content : [],
  );
  if (parts.some((part) => part.type === 'refusal')) throw new UnreadableReply('the model refused', use);
  const text = parts.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
  if (text === '') throw new UnreadableReply('the answer is empty', use);
  return { text, ...use };
}

const SECONDS = /^\d+(\.\d+)?$/;

/** Milliseconds of `retry-after-ms` or `retry-after` (seconds or a date); 0 when there is none. */
export function retryAfterMs(headers: Pick<Headers, 'get'> | undefined, now = Date.now()): number {
  const ms = headers?.get('retry-after-ms') ?? '';
  if (SECONDS.test(ms)) return Number(ms);
  const after = headers?.get('retry-after') ?? '';
  if (SECONDS.test(after)) return Number(after) * 1_000;
  const date = Date.parse(after);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
