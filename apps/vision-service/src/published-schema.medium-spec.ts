import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { Question } from '@teleop/sim-vision-model';
import { frame, setupVision, type VisionSetup } from './service.spec-support';

jest.setTimeout(60_000);

const counts = (left: number, right: number) => ({ left, right });
const pair = (start: object, end: object) => ({ start, end, moved: { l_to_r: 1, r_to_l: 0 } });
const isPair = ({ pictures }: Question) => pictures.length === 2;

describe('the published schema', () => {
  let s: VisionSetup;
  let views: object;
  let nth = 0;
  let say: (question: Question) => object;
  let body: ValidateFunction;
  let answer: ValidateFunction;
  let evaluation: ValidateFunction;

  beforeAll(async () => {
    s = await setupVision({
      // What the strong model costs is not known.
      env: { VISION_PRICES: 'gpt-5.1-mini=0.25/2' },
      model: { answer: (question) => say(question) },
    });
    const view = await frame(counts(1, 0));
    views = { cam1: { start: view, end: view } };
    const { body: document } = await s.call('GET', '/openapi.json');
    const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
    const schemaOf = (content: Record<string, { schema: object }>) =>
      ajv.compile({ components: document.components, ...content['application/json']!.schema });
    const { post } = document.paths['/vision/dolls_compare'];
    body = schemaOf(post.requestBody.content);
    answer = schemaOf(post.responses['200'].content);
    evaluation = schemaOf(document.paths['/vision/evaluations/{id}'].get.responses['200'].content);
  });
  afterAll(() => s.close());

  const faultsOf = (validate: ValidateFunction, value: unknown) => (validate(value) ? [] : validate.errors);

  it.each<[string, (question: Question) => object, object]>([
    [
      'moved',
      () => pair(counts(1, 0), counts(0, 1)),
      { reason: null, usage: { cost_usd: expect.any(Number) } },
    ],
    ['not conserved', () => pair(counts(2, 0), counts(0, 1)), { reason: 'NOT_CONSERVED' }],
    [
      'readable on one side alone',
      // The pair is not, and then START is asked for before END.
      (question) => (isPair(question) || (nth += 1) % 2 === 0 ? {} : counts(1, 0)),
      { reason: 'NO_MAJORITY' },
    ],
    ['unreadable, and no price is known', () => ({}), { views: { cam1: {} }, usage: { cost_usd: null } }],
  ])('is what an answer keeps to when what is seen is %s', async (_, says, expected) => {
    say = says;
    for (const controlToken of [null, `turn-${JSON.stringify(expected)}`]) {
      const sent = { robotId: 'arm1', views, controlToken };
      expect(faultsOf(body, sent)).toEqual([]);
      const judged = await s.compare(sent);
      expect(judged).toMatchObject({ status: 200, body: expected });
      expect(faultsOf(answer, judged.body)).toEqual([]);
      const stored = await s.call('GET', `/vision/evaluations/${judged.body.evaluation_id}`);
      expect(faultsOf(evaluation, stored.body)).toEqual([]);
    }
  });

  it.each(['a\u0007', 'constructor', 'x'.repeat(65), 'カメラ１'])(
    'takes the names of cameras that the service takes: %j',
    async (name) => {
      say = () => pair(counts(1, 0), counts(1, 0));
      const sent = { robotId: 'arm1', views: Object.fromEntries([[name, Object.values(views)[0]]]) };
      const { status } = await s.compare(sent);
      expect(body(sent)).toBe(status === 200);
    },
  );
});
