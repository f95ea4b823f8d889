import { readReply, retryAfterMs } from './openai-reply';
import { ModelUnavailable, UnreadableReply } from './vision-model';

const reply = (fields: object) => readReply(fields);
const message = (...content: object[]) => ({ output: [{ type: 'message', content }] });
const text = (value: string) => ({ type: 'output_text', text: value });

describe('a response of the provider', () => {
  it('is its text, and the tokens it took', () => {
    const usage = { input_tokens: 10, output_tokens: 3, total_tokens: 13 };
    expect(reply({ status: 'completed', ...message(text('{'), text('}')), usage })).toEqual({
      text: '{}',
      inputTokens: 10,
      outputTokens: 3,
    });
  });

  it('may lack what a compatible server does not send', () => {
    expect(reply(message(text('x')))).toEqual({ text: 'x', inputTokens: 0, outputTokens: 0 });
  });

  it('passes over reasoning and calls of tools', () => {
    const output = [
      { type: 'reasoning', summary: [] },
      ...message(text('x')).output,
      { type: 'function_call' },
    ];
    expect(reply({ output }).text).toBe('x');
  });

  it.each([
    ['a refusal', message({ type: 'refusal', refusal: 'no' }), 'refused'],
    ['a refusal beside a text', message(text('{}'), { type: 'refusal', refusal: 'no' }), 'refused'],
    [
      'cut off',
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, ...message(text('{}')) },
      'cut off',
    ],
    ['empty', { output: [] }, 'empty'],
    ['without output', {}, 'empty'],
  ])('that is %s is unreadable', (_, fields, why) => {
    expect(() => reply(fields)).toThrow(UnreadableReply);
    expect(() => reply(fields)).toThrow(why);
  });

  it('that is no object is unreadable', () => {
    expect(() => readReply('hello' as never)).toThrow(UnreadableReply);
    expect(() => readReply(null)).toThrow(UnreadableReply);
  });

  it('that failed is a failing model', () => {
    expect(() => reply({ status: 'failed', error: { code: 'server_error', message: 'x' } })).toThrow(
      ModelUnavailable,
    );
  });
});

describe('when to come back', () => {
  const headers = (fields: Record<string, string>) => new Headers(fields);

  it('is read from either header, in seconds, milliseconds or as a date', () => {
    expect(retryAfterMs(headers({ 'retry-after': '2' }))).toBe(2_000);
    expect(retryAfterMs(headers({ 'retry-after': '0.5' }))).toBe(500);
    expect(retryAfterMs(headers({ 'retry-after-ms': '120', 'retry-after': '2' }))).toBe(120);
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfterMs(headers({ 'retry-after': 'Thu, 01 Jan 2026 00:00:03 GMT' }), now)).toBe(3_000);
    expect(retryAfterMs(headers({ 'retry-after': 'Thu, 01 Jan 2025 00:00:03 GMT' }), now)).toBe(0);
  });

  it('is now when nothing sensible is said', () => {
    expect(retryAfterMs(undefined)).toBe(0);
    expect(retryAfterMs(headers({}))).toBe(0);
    expect(retryAfterMs(headers({ 'retry-after': 'soon' }))).toBe(0);
  });
});
