import { frame, setupVision, type VisionSetup } from './service.spec-support';

jest.setTimeout(60_000);

const COUNTS = { left: 1, right: 0 };
const JSON_TYPE = { 'content-type': 'application/json' };

describe('a body with many small frames', () => {
  let s: VisionSetup;
  beforeAll(async () => {
    // It does not look: these pictures have nothing to be seen in them.
    const answer = () => ({ start: COUNTS, end: COUNTS, moved: { l_to_r: 0, r_to_l: 0 } });
    s = await setupVision({ env: { VISION_MAX_CAMERAS: '64' }, model: { answer } });
  });
  afterAll(() => s.close());

  /** A PNG, as far as anybody looks, of so many bytes. */
  const picture = (bytes: number) =>
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      Buffer.alloc(bytes - 8, 7),
    ]).toString('base64');

  it.each([
    [7, 3_000],
    [16, 1_000],
    [16, 1_152],
    [16, 1_153],
    [16, 3_000],
    [64, 1_152],
    [64, 3_000],
  ])('is judged: %i cameras, five frames a side, of %i bytes each', async (cameras, bytes) => {
    const side = Array<string>(5).fill(picture(bytes));
    const views = Object.fromEntries(
      Array.from({ length: cameras }, (_, index) => [`cam${index}`, { start: side, end: side }]),
    );
    const { status, body } = await s.compare({ robotId: 'arm1', views });
    expect([status, Object.keys(body.views ?? body)]).toEqual([200, Object.keys(views)]);
  });

  it('may have a token of 256 characters, however they are written', async () => {
    const view = await frame(COUNTS);
    const views = { cam1: { start: view, end: view } };
    const token = '\\u0041'.repeat(256);
    const body = JSON.stringify({ robotId: 'arm1', views, controlToken: '?' }).replace('"?"', `"${token}"`);
    const { body: judged } = await s.call('POST', '/vision/dolls_compare', body, JSON_TYPE);
    const again = await s.compare({ robotId: 'arm1', views, controlToken: 'A'.repeat(256) });
    expect([again.status, again.body]).toEqual([200, judged]);
  });

  it.each(['robotId', 'controlToken', 'views'])(
    'is refused by name when %s is a text as long as a frame, or a little too long',
    async (field) => {
      const view = await frame(COUNTS);
      const good = { robotId: 'arm1', controlToken: 'x', views: { cam1: { start: view, end: view } } };
      for (const length of [257, 1_500, 2_000, 5_000]) {
        const { status, body } = await s.compare({ ...good, [field]: 'x'.repeat(length) });
        const paths: string[] = body.errors.map(({ path }: { path: string }) => path);
        expect([status, [...new Set(paths)]]).toEqual([400, [field]]);
      }
    },
  );
});
