/** The `Idempotency-Key` header in the OpenAPI document. */
export const IDEMPOTENCY_KEY = {
  'Idempotency-Key': 'Repeats with the same key and body get the first answer and change nothing',
};

/** Its refusal. */
export const KEY_REUSED = { 422: ['IDEMPOTENCY_KEY_REUSED'] };
