import { randomUUID } from 'node:crypto';
import type { MissionStatus } from '@teleop/contracts';
import fc from 'fast-check';
import { setupService, step, type Answer, type Service } from '../testing/service.spec-support';

/** A mission as the rules say it is. */
interface Model {
  readonly id: string;
  status: MissionStatus;
  version: number;
  revision: number;
  /** Names of the missions it refers to, by their place in the model. */
  refers: readonly number[];
  /** Something is wrong with one of its steps. */
  faulty: boolean;
}

type Action =
  | { readonly do: 'create' }
  | {
      readonly do: 'change';
      readonly refers: readonly number[];
      readonly faulty: boolean;
      readonly stale: boolean;
    }
  | { readonly do: 'publish' | 'archive' | 'copy' };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Action>({ do: 'create' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      refers: fc.array(fc.nat(), { maxLength: 2 }),
      faulty: fc.nat({ max: 5 }).map((one) => one === 0),
      stale: fc.nat({ max: 3 }).map((one) => one === 0),
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom<Action>({ do: 'publish' }, { do: 'archive' }, { do: 'copy' }) },
);

describe('missions under any sequence of what people do', () => {
  let service: Service;

  beforeAll(async () => (service = await setupService()));

  afterAll(() => service.close());

  const created = ({ body }: Answer, of: Partial<Model> = {}): Model => ({
    id: body.missionId,
    status: 'DRAFT',
    version: 0,
    revision: 1,
    refers: [],
    faulty: false,
    ...of,
  });

  async function change(all: Model[], one: Model, { refers, faulty, stale }: Action & { do: 'change' }) {
    const wanted = refers.map((index) => index % all.length);
    const steps = wanted.map((index) => step.run(all[index]!.id));
    const put = await service.call(
      'PUT',
      `/missions/${one.id}`,
      { steps: faulty ? [...steps, { type: 'hoist' }] : steps },
      { headers: { 'if-match': stale ? `"${one.revision + 1}"` : `"${one.revision}"` } },
    );
    if (stale) return expect(put.status).toBe(412);
    if (one.status !== 'DRAFT')
      return expect([put.status, put.body.code]).toEqual([409, 'mission_not_draft']);
    expect(put.status).toBe(200);
    Object.assign(one, { refers: wanted, faulty, revision: one.revision + 1 });
  }

  async function publish(all: Model[], one: Model) {
    const answer = await service.post(`/missions/${one.id}/publish`);
    if (one.status !== 'DRAFT') return expect([answer.status, answer.body.status]).toEqual([200, one.status]);
    const bad = one.faulty || one.refers.some((index) => all[index]!.status !== 'PUBLISHED');
    expect(answer.status).toBe(bad ? 422 : 200);
    if (!bad)
      Object.assign(one, { status: 'PUBLISHED', version: one.version + 1, revision: one.revision + 1 });
  }

  async function archive(one: Model) {
    const answer = await service.post(`/missions/${one.id}/archive`);
    if (one.status === 'DRAFT')
      return expect([answer.status, answer.body.code]).toEqual([409, 'mission_not_published']);
    expect([answer.status, answer.body.status]).toEqual([200, 'ARCHIVED']);
    if (one.status === 'PUBLISHED') Object.assign(one, { status: 'ARCHIVED', revision: one.revision + 1 });
  }

  async function copy(all: Model[], one: Model) {
    const answer = await service.post(`/missions/${one.id}/draft`);
    if (one.status === 'DRAFT')
      return expect([answer.status, answer.body.code]).toEqual([409, 'mission_not_published']);
    expect(answer.status).toBe(201);
    all.push(created(answer, { version: one.version, refers: one.refers }));
  }

  it('are what the rules say: forward only, a version with every publishing, and no circle among the published', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(action, fc.nat()), { minLength: 5, maxLength: 25 }),
        async (actions) => {
          const all = [created(await service.post('/missions', { name: randomUUID() }))];
          for (const [what, at] of actions) {
            const one = all[at % all.length]!;
            if (what.do === 'create')
              all.push(created(await service.post('/missions', { name: randomUUID() })));
            else if (what.do === 'change') await change(all, one, what);
            else if (what.do === 'publish') await publish(all, one);
            else if (what.do === 'archive') await archive(one);
            else await copy(all, one);
          }
          for (const { id, status, version, revision } of all) {
            const { body, headers } = await service.get(`/missions/${id}`);
            expect([body.status, body.version, headers.get('etag')]).toEqual([
              status,
              version,
              `"${revision}"`,
            ]);
          }
        },
      ),
      { numRuns: 25, interruptAfterTimeLimit: 15_000 },
    );
    const { rows } = await service.pool.query(`
      WITH RECURSIVE reached AS (
        SELECT mission_id AS origin, (step->'payload'->>'missionId')::uuid AS at
        FROM teach.mission, jsonb_array_elements(steps_json) step
        WHERE status <> 'DRAFT' AND step->>'type' = 'missionRef'
        UNION
        SELECT origin, (step->'payload'->>'missionId')::uuid
        FROM reached JOIN teach.mission ON mission_id = at, jsonb_array_elements(steps_json) step
        WHERE step->>'type' = 'missionRef'
      )
      SELECT origin FROM reached WHERE origin = at
    `);
    expect(rows).toEqual([]);
  });

  it('cannot be written otherwise either: the database refuses', async () => {
    const { missionId } = await service.published([step.wait(1)]);
    const write = (set: string) =>
      service.pool.query(`UPDATE teach.mission SET ${set} WHERE mission_id = $1`, [missionId]);
    for (const set of [
      `status = 'DRAFT'`,
      `steps_json = '[]'`,
      `name = 'Other'`,
      'version = 7',
      `status = 'ARCHIVED', steps_json = '[]'`,
    ]) {
      await expect(write(set)).rejects.toMatchObject({ code: '23514' });
    }
    await write(`status = 'ARCHIVED'`);
    await expect(write(`status = 'PUBLISHED'`)).rejects.toMatchObject({ constraint: 'mission_transition' });
  });
});
