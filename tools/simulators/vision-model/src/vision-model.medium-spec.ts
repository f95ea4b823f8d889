import { DAYLIGHT, takePicture, Tray } from '@teleop/sim-arm-robot';
import { DEFAULT_KNOBS, knobsOf } from './api/knobs';
import { VisionModelServer } from './vision-model';

describe('the simulated model over HTTP', () => {
  let server: VisionModelServer;
  let url: string;
  let before: string;
  let after: string;

  async function picture(left: number, right: number): Promise<string> {
    const { dolls } = Tray.with([{ left, right }], 4);
    const bytes = await takePicture({ scene: 'trays', camera: 0, dolls, conditions: DAYLIGHT, seed: 1 });
    return `data:image/jpeg;base64,${bytes.toString('base64')}`;
  }
  beforeAll(async () => {
    server = new VisionModelServer();
    url = await server.start();
    [before, after] = [await picture(2, 1), await picture(1, 2)];
  });
  afterAll(() => server.stop());
  beforeEach(() => Object.assign(server.knobs, DEFAULT_KNOBS));

  async function ask(
    images: string[],
    properties: object,
    extra: object = {},
    // Bodies are looked at by the tests, which say what they expect.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
  ): Promise<{ status: number; body: any; headers: Headers }> {
    const response = await fetch(`${url}/responses`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'gpt-5.1',
        input: [{ role: 'user', content: images.map((image_url) => ({ type: 'input_image', image_url })) }],
        text: { format: { type: 'json_schema', schema: { type: 'object', properties } } },
        ...extra,
      }),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  }
  const pair = () => ask([before, after], { start: {}, end: {}, moved: {} });
  const textOf = (body: { output: { content: { text: string }[] }[] }) => body.output[0]!.content[0]!.text;

  it('counts one picture, or what changed between two', async () => {
    expect(JSON.parse(textOf((await ask([before], { left: {}, right: {} })).body))).toEqual({
      left: 2,
      right: 1,
    });
    const { body } = await pair();
    expect(JSON.parse(textOf(body))).toEqual({
      start: { left: 2, right: 1 },
      end: { left: 1, right: 2 },
      moved: { l_to_r: 1, r_to_l: 0 },
    });
    expect(body).toMatchObject({ object: 'response', status: 'completed', model: 'gpt-5.1' });
    expect(body.usage.total_tokens).toBe(body.usage.input_tokens + body.usage.output_tokens);
  });

  it('says what is wrong with a question', async () => {
    expect((await ask(['https://example.org/a.jpg'], {})).status).toBe(400);
    expect((await ask([`data:image/png;base64,${Buffer.from('no').toString('base64')}`], {})).status).toBe(
      400,
    );
    expect((await ask([], {})).body.error.message).toMatch(/no picture/);
    expect((await ask([before], { start: {} })).body.error.message).toMatch(/two pictures/);
    expect((await ask([before], {}, { model: '' })).body.error.param).toBe('model');
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
  });

  it('errs as its knobs say, which can be turned while it runs', async () => {
    const turn = (change: object) =>
      fetch(new URL('/knobs', url), { method: 'PUT', body: JSON.stringify(change) });
    expect((await turn({ refusalRate: 1 })).status).toBe(200);
    expect((await pair()).body.output[0].content[0].type).toBe('refusal');
    await turn({ refusalRate: 0, truncationRate: 1 });
    const cut = (await pair()).body;
    expect(cut.status).toBe('incomplete');
    expect(() => void JSON.parse(textOf(cut))).toThrow();
    await turn({ truncationRate: 0, proseRate: 1 });
    expect(textOf((await pair()).body)).toMatch(/^Looking closely[^]*\{"start"/);
    await turn({ proseRate: 0, errorRate: 1 });
    const { start, end } = JSON.parse(textOf((await pair()).body)) as Record<
      string,
      { left: number; right: number }
    >;
    expect([start, end]).not.toEqual([
      { left: 2, right: 1 },
      { left: 1, right: 2 },
    ]);
    await turn({ errorRate: 0, rateLimitRate: 1, retryAfterSeconds: 7 });
    const limited = await pair();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    await turn({ rateLimitRate: 0, failureRate: 1 });
    expect((await pair()).status).toBe(500);
    await turn({ failureRate: 0, latencyMs: 200 });
    const began = performance.now();
    await pair();
    expect(performance.now() - began).toBeGreaterThanOrEqual(195);
    expect((await turn({ volume: 11 })).status).toBe(400);
    expect((await turn({ errorRate: 2 })).status).toBe(400);
    expect(server.calls.length).toBeGreaterThan(5);
  });

  it('takes its knobs from the environment', () => {
    expect(knobsOf({ VISION_MODEL_ERROR_RATE: '0.1', VISION_MODEL_LATENCY_MS: '800' })).toMatchObject({
      errorRate: 0.1,
      latencyMs: 800,
    });
    expect(() => knobsOf({ VISION_MODEL_ERROR_RATE: 'often' })).toThrow(/errorRate/);
  });
});
