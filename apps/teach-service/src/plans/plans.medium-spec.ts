import { randomUUID } from 'node:crypto';
import type { PlanAnswer } from '@teleop/contracts';
import { validateOrder } from 'vda-5050-lib/common/vda-5050-validators-2.0.js';
import { setupService, step, type Json, type Service } from '../testing/service.spec-support';

const way = (...nodeIds: string[]): PlanAnswer => ({
  nodeIds,
  pathIds: nodeIds.slice(1).map((id, index) => `${nodeIds[index]}-${id}`),
  lengthM: 10 * (nodeIds.length - 1),
  etaSeconds: 12 * (nodeIds.length - 1),
  blockedBy: [],
});

describe('a mission looked at from outside', () => {
  let service: Service;

  beforeAll(async () => {
    service = await setupService();
    const { robots } = service;
    robots.robot('arm1', { capabilities: { hasHoist: true }, limits: { hoistMm: { min: 0, max: 500 } } });
    robots.whereabouts.set('arm1', { position: 'UNKNOWN', lastNode: 'Home' });
    robots.plan = ({ from, to }) => {
      if (from === 'Nowhere' || to === 'Nowhere') return 'node_unknown';
      if (to === 'Island') return 'no_path';
      if (to !== 'Busy') return way(from, 'Hall', to);
      const scope = { nodeIds: ['Busy'], pathIds: [] };
      return { ...way(from, to), blockedBy: [{ robotId: 'table2', scope }] };
    };
  });

  afterAll(() => service.close());

  const simulate = async (missionId: string, body?: object): Promise<Json> => {
    const answer = await service.post(`/missions/${missionId}/simulate`, body);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };

  it('says of every step when it would be done, on which path, and who is in the way', async () => {
    const inner = await service.mission([step.hoist(100), step.move('Busy')], 'inner');
    const { missionId, steps } = await service.mission([
      step.move('Kitchen', { speed: 0.5 }),
      step.wait(2),
      step.run(inner.missionId),
    ]);
    const run = await simulate(missionId, { robotId: 'arm1' });
    expect(run).toMatchObject({ missionId, robotId: 'arm1', ok: false, totalSeconds: 57 });
    const path = (...nodeIds: string[]) => {
      const { pathIds, lengthM } = way(...nodeIds);
      return { nodeIds, pathIds, lengthM };
    };
    const none = { path: null, conflicts: [], gap: null };
    expect(run.steps).toEqual([
      // 20 m at the step's own 0.5 m/s, which is less than the map's.
      {
        ...none,
        stepId: steps[0]?.stepId,
        type: 'moveToPoint',
        durationSeconds: 40,
        etaSeconds: 40,
        path: path('Home', 'Hall', 'Kitchen'),
      },
      { ...none, stepId: steps[1]?.stepId, type: 'wait', durationSeconds: 2, etaSeconds: 42 },
      { ...none, stepId: inner.steps[0]?.stepId, type: 'hoist', durationSeconds: 3, etaSeconds: 45 },
      {
        ...none,
        stepId: inner.steps[1]?.stepId,
        type: 'moveToPoint',
        durationSeconds: 12,
        etaSeconds: 57,
        path: path('Kitchen', 'Busy'),
        conflicts: [{ robotId: 'table2', scope: { nodeIds: ['Busy'], pathIds: [] } }],
      },
    ]);
    expect(run.faults.map(({ code }: Json) => code)).toEqual(['mission_ref_not_published']);
  });

  it('says what cannot be known beforehand, and what would keep it from being published', async () => {
    const { missionId } = await service.mission([
      step.move('Kitchen'),
      step.move('Nowhere'),
      step.move('Kitchen'),
      step.move('Island'),
      { type: 'moveToPoint', payload: { destination: { x: 1, y: 2 } } },
      step.move('Kitchen'),
      step.grip('open'),
      { type: 'dance' },
    ]);
    const { steps, ok, faults } = await simulate(missionId);
    expect(steps.map(({ gap }: Json) => gap)).toEqual([
      'start_unknown',
      'node_unknown',
      'node_unknown',
      'no_path',
      'off_map',
      'start_unknown',
      null,
      null,
    ]);
    expect([ok, faults.map(({ code }: Json) => code)]).toEqual([false, ['step_type_unknown']]);
    const codes = (await simulate(missionId, { robotId: 'arm1' })).faults.map(({ code }: Json) => code);
    expect(codes).toEqual(['step_type_unknown', 'capability_missing']);
    const [unknown] = (await simulate(missionId, { robotId: 'nobody' })).faults;
    expect(unknown).toMatchObject({ code: 'robot_unknown', path: 'robotId' });
  });

  it('has no steps when writing them out would never end', async () => {
    const { missionId } = await service.mission([]);
    await service.call('PUT', `/missions/${missionId}`, { steps: [step.wait(1), step.run(missionId)] });
    expect(await simulate(missionId)).toMatchObject({
      steps: [],
      ok: false,
      faults: [{ code: 'missionRef_cycle' }],
    });
    const refused = await service.get(`/missions/${missionId}/export?format=vda5050`);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ code: 'missionRef_cycle' }] } });
  });

  it('is an order of VDA 5050 that holds the published schema', async () => {
    const inner = await service.published([step.hoist(100), step.wait(1)], 'inner');
    const { missionId } = await service.published([
      step.run(inner.missionId),
      step.move('Kitchen'),
      step.run(inner.missionId),
      step.move('Island'),
    ]);
    const { status, body } = await service.get(`/missions/${missionId}/export?format=vda5050&robotId=arm1`, {
      role: 'Viewer',
    });
    expect(status).toBe(200);
    expect([validateOrder(body), validateOrder.errors]).toEqual([true, null]);
    expect(body).toMatchObject({
      version: '2.1.0',
      manufacturer: 'teleop',
      serialNumber: 'arm1',
      orderId: `${missionId}-1`,
      orderUpdateId: 0,
    });
    expect(body.nodes.map(({ nodeId, actions }: Json) => [nodeId, actions.length])).toEqual([
      ['Home', 2],
      ['Hall', 0],
      ['Kitchen', 2],
      ['Island', 0],
    ]);
    const anybody = (await service.get(`/missions/${missionId}/export?format=vda5050`)).body;
    expect([validateOrder(anybody), anybody.serialNumber, anybody.nodes[0].nodeId]).toEqual([
      true,
      'any',
      'start',
    ]);
  });

  it('is exported in no other format, and not with faults', async () => {
    const { missionId } = await service.mission([{ type: 'hoist' }]);
    const get = (path: string) => service.get(`/missions/${path}`);
    expect(await get(`${missionId}/export`)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'format' }] },
    });
    expect((await get(`${missionId}/export?format=pdf`)).status).toBe(400);
    expect((await get(`${missionId}/export?format=vda5050`)).body).toMatchObject({
      status: 422,
      errors: [{ code: 'step_time_required' }, { code: 'step_payload_invalid' }],
    });
    expect((await get(`${randomUUID()}/export?format=vda5050`)).status).toBe(404);
    expect((await service.post(`/missions/${randomUUID()}/simulate`)).status).toBe(404);
  });

  it('cannot be looked at while robot-gateway is away', async () => {
    const { missionId } = await service.mission([step.move('A'), step.move('B')]);
    const back = service.robots.away();
    expect((await service.post(`/missions/${missionId}/simulate`)).status).toBe(503);
    expect((await service.get(`/missions/${missionId}/export?format=vda5050`)).status).toBe(503);
    await back();
    expect((await service.post(`/missions/${missionId}/simulate`)).status).toBe(200);
  });

  it('follows the step catalogue, which anybody who is signed in may read', async () => {
    const { status, body } = await service.get('/step-schema', { role: 'Viewer' });
    expect([status, body.$schema]).toEqual([200, 'https://json-schema.org/draft/2020-12/schema']);
    expect((await service.get('/step-schema', { role: null })).status).toBe(401);
    const { missionId } = await service.mission([]);
    const viewer = { role: 'Viewer' };
    expect((await service.post(`/missions/${missionId}/simulate`, {}, viewer)).status).toBe(403);
  });
});
