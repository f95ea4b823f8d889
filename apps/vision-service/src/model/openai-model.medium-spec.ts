import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { frameOf, type Frame } from '../frames/frame';
import { PAIR } from './answers';
import { OpenAiModel } from './openai-model';
import { PROMPTS } from './prompts';

interface Sent {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // The request is looked at by the tests, which say what they expect.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

async function setup() {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      sent.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"output":[{"type":"message","content":[{"type":"output_text","text":"{}"}]}]}');
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
