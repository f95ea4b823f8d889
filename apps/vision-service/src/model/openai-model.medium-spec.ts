import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { frameOf, type Frame } from '../frames/frame';
import { PAIR } from './answers';
import { OpenAiModel } from './openai-model';
import { PROMPTS } from './prompts';
import { UnreadableReply } from './vision-model';

interface Sent {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // The request is looked at by the tests, which say what they expect.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

const GOOD = {
  status: 200,
  body: { output: [{ type: 'message', content: [{ type: 'output_text', text: '{}' }] }] },
};

async function setup(answer: { status: number; body: object } = GOOD) {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      sent.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const model = new OpenAiModel({
    apiKey: 'the-key',
    baseUrl: `http://127.0.0.1:${port}/v1`,
    maxOutputTokens: 77,
  });
  return {
    sent,
    ask: (frames: readonly Frame[]) =>
      model.ask(
        { model: 'm', system: PROMPTS.trays.system, user: PROMPTS.trays.pair, frames, answer: PAIR },
        new AbortController().signal,
      ),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const frame = (text: string, kind: Frame['kind'] = 'image/jpeg'): Frame => frameOf(Buffer.from(text), kind);
const urlOf = ({ base64, kind }: Frame) => `data:${kind};base64,${base64.toString('latin1')}`;

describe('what the model is sent', () => {
  it('is a question of the Responses API: system and user, pictures in order, a strict schema', async () => {
    const s = await setup();
    const [start, end] = [frame('start é "x"'), frame('end', 'image/webp')];
    await s.ask([start, end]);
    const [{ path, headers, body }] = s.sent as [Sent];
    expect(path).toBe('/v1/responses');
    expect(headers).toMatchObject({ authorization: 'Bearer the-key', 'content-type': 'application/json' });
    expect(Number(headers['content-length'])).toBeGreaterThan(1_000);
    expect(body).toEqual({
      model: 'm',
      input: [
        { role: 'system', content: [{ type: 'input_text', text: PROMPTS.trays.system }] },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: PROMPTS.trays.pair },
            { type: 'input_image', image_url: urlOf(start), detail: 'high' },
            { type: 'input_image', image_url: urlOf(end), detail: 'high' },
          ],
        },
      ],
      text: {
        format: {
          type: 'json_schema',
          name: 'pair_counts',
          strict: true,
          schema: expect.objectContaining({
            required: ['start', 'end', 'moved'],
            additionalProperties: false,
          }),
        },
      },
      max_output_tokens: 77,
      store: false,
    });
    s.close();
  });

  it('is never another request’s pictures, however many are sent at once', async () => {
    const s = await setup();
    const pairs = Array.from({ length: 12 }, (_, index) => [
      frame(`start ${index} ${'x'.repeat(index * 1_000)}`),
      frame(`end ${index}`),
    ]);
    await Promise.all(pairs.map((frames) => s.ask(frames)));
    const urls = s.sent.map(({ body }) =>
      body.input[1].content.slice(1).map((part: { image_url: string }) => part.image_url),
    );
    expect(urls.map((pair) => pair.join()).sort()).toEqual(
      pairs.map((pair) => pair.map(urlOf).join()).sort(),
    );
    s.close();
  });
});

describe('a question that is refused', () => {
  const refusing = async (status: number, error: object) => {
    const s = await setup({ status, body: { error: { message: 'words of the provider', ...error } } });
    const thrown = await s.ask([frame('x')]).catch((reason: unknown) => reason);
    s.close();
    return thrown;
  };

  it.each<[string, number, object]>([
    ['a model there is not', 400, { param: 'model', code: 'model_not_found' }],
    ['a parameter it does not know', 400, { param: 'max_output_tokens', code: 'unsupported_parameter' }],
    ['a schema it does not take', 400, { param: 'text.format.schema', code: 'invalid_json_schema' }],
    ['a value without a code', 422, { param: 'store', code: null }],
    ['a code without a parameter', 400, { param: null, code: 'billing_hard_limit_reached' }],
  ])('for %s is our fault, which passes when we mend it', async (_, status, error) => {
    const thrown = await refusing(status, error);
    expect(thrown).toMatchObject({ name: 'ModelUnavailable', kind: 'refused_us', retryable: false });
    expect((thrown as Error).message).not.toContain('words');
  });

  it.each<[string, number, object]>([
    ['a picture', 400, { param: 'input[1].content[1].image_url', code: 'invalid_value' }],
    ['a picture by its code alone', 400, { param: null, code: 'invalid_image_format' }],
    ['what is to be seen', 400, { param: null, code: 'content_policy_violation' }],
    ['something it does not name', 400, { param: null, code: null }],
    ['something it does not name, with the status for a code', 422, { param: null, code: 422 }],
    ['pictures that are too large', 413, { param: 'body', code: 'request_too_large' }],
    ['a kind of picture', 415, { param: 'body', code: 'unsupported_media_type' }],
  ])('for %s is no answer', async (_, status, error) => {
    expect(await refusing(status, error)).toBeInstanceOf(UnreadableReply);
  });
});
