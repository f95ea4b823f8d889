import { randomUUID } from 'node:crypto';
import type { RobotNotification } from '@teleop/contracts';
import { waitFor } from '@teleop/testing';
import { apiOf, apiUser, type Api } from '../testing/api.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import { Notifications } from './notifications';
import { RobotEvents, type StepResult } from './robot-events';

const KEY = 'secret-robot-key';
const AT = '2026-01-16T10:00:00Z';

class Away extends Error {
  readonly operational = true;
}

describe('events of robots', () => {
  let gateway: Gateway;
  let api: Api;
  const viewer = apiUser('Viewer');
  const heard: RobotNotification[][] = [[], []];
  beforeAll(async () => {
    gateway = await setupGateway({
      replicas: 2,
      env: { ROBOT_EVENTS_PER_S: '500', ROBOT_RETENTION_SWEEP_MS: '50' },
    });
    api = apiOf(gateway);
    for (const [index, { app }] of gateway.replicas.entries())
      app.get(Notifications).onTold((notification) => heard[index]!.push(notification));
  });
  afterAll(() => gateway.close());
  afterEach(() => heard.forEach((list) => list.splice(0)));

  const report = (body: unknown, headers: Record<string, string> = { 'x-api-key': KEY }) =>
    api.call('POST', '/table/event', { body, headers });
  const events = async (query = '', robotId = 'table1') =>
    (await api.get(`/api/v1/robots/${robotId}/events${query}`, viewer)).body;

  it('are accepted as old and as newer firmware says them, stored, and told everywhere once', async () => {
    const old = await report({
      event: 'DESTINATION_REACHED',
      timestamp: '2026-01-16T11:00:00+01:00',
      battery: 1,
    });
    expect([old.status, old.body]).toEqual([200, { status: 'success' }]);
    expect(await report({ priority: 'WARN', message: 'Battery low' })).toMatchObject({ status: 200 });
    const { items } = await events();
    expect(items.slice(0, 2)).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        robotId: 'table1',
        event: null,
        priority: 'WARN',
        message: 'Battery low',
        timestamp: expect.stringMatching(/Z$/),
        receivedAt: expect.stringMatching(/Z$/),
      },
      expect.objectContaining({
        event: 'DESTINATION_REACHED',
        priority: 'INFO',
        timestamp: '2026-01-16T10:00:00.000Z',
      }),
    ]);
    await waitFor('both replicas to hear', () => heard.every((list) => list.length >= 2));
    // What the feed brings back must be past before "once" means anything.
    await gateway.queue.nc.flush();
    await report({ message: 'last' });
    await waitFor('the last one everywhere', () =>
      heard.every((list) => list.some(({ message }) => message === 'last')),
    );
    for (const list of heard)
      expect(list).toEqual([
        expect.objectContaining({
          robotId: 'table1',
          event: 'DESTINATION_REACHED',
          message: 'DESTINATION_REACHED',
        }),
        expect.objectContaining({ priority: 'WARN', message: 'Battery low', event: null }),
        expect.objectContaining({ message: 'last' }),
      ]);
  });

  it('that come twice are stored and told once', async () => {
    const event = { event: `E_${randomUUID().slice(0, 8)}`, timestamp: AT };
    const answers = await Promise.all([1, 2, 3].map(() => report(event)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await report({ ...event, timestamp: '2026-01-16T10:00:01Z' });
    const { items } = await events();
    expect(items.filter((item: { event: string }) => item.event === event.event)).toHaveLength(2);
    expect(heard[0]).toHaveLength(2);
  });

  it('need the key of the robot before anything else is looked at', async () => {
    for (const headers of [
      {},
      { 'x-api-key': 'wrong' },
      { 'x-api-key': '' },
      { 'x-api-key': KEY, 'x-robot-id': 'arm9' },
    ]) {
      for (const body of [{ event: 'X', timestamp: AT }, { event: 7 }]) {
        const answer = await report(body, headers as Record<string, string>);
        expect([answer.status, answer.body]).toEqual([401, { status: 'error', message: 'Invalid API Key' }]);
      }
    }
    expect(
      await report({ event: 'X', timestamp: AT }, { 'x-api-key': KEY, 'x-robot-id': 'a.b' }),
    ).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'X-Robot-Id' }] },
    });
  });

  it.each<[string, unknown]>([
    ['event', {}],
    ['event', { event: 7, timestamp: AT }],
    ['event', { event: 'x'.repeat(65), timestamp: AT }],
    ['event', { event: '', timestamp: AT }],
    ['timestamp', { event: 'X' }],
    ['timestamp', { event: 'X', timestamp: 'soon' }],
    ['timestamp', { event: 'X', timestamp: '2026-01-16T10:00:00' }],
    ['priority', { priority: 'FATAL', message: 'x' }],
    ['message', { priority: 'INFO', message: 7 }],
    ['message', { priority: 'INFO', message: 'a\0' }],
    ['taskId', { event: 'STEP_DONE', stepId: randomUUID() }],
    ['stepId', { event: 'STEP_FAILED', taskId: randomUUID(), stepId: 'x' }],
    ['body', []],
    ['body', '{'],
  ])('are refused by the name of the field: %s of %j', async (path, body) => {
    const answer = await report(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(heard[0]).toEqual([]);
  });

  it('are shown newest first, page by page', async () => {
    const created = await api.post('/api/v1/robots', apiUser('Admin'), { robotId: 'pager' });
    const headers = { 'x-api-key': created.body.apiKey as string, 'x-robot-id': 'pager' };
    for (const message of ['1', '2', '3', '4', '5']) await report({ message }, headers);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await events(`?limit=2${cursor && `&cursor=${cursor}`}`, 'pager');
      seen.push(...page.items.map((item: { message: string }) => item.message));
      cursor = page.nextCursor ?? '';
    } while (cursor !== '');
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
    for (const [name, value] of [
      ['limit', '0'],
      ['limit', '201'],
      ['limit', 'x'],
      ['cursor', '-1'],
      ['cursor', 'x'],
    ])
      expect(await api.get(`/api/v1/robots/pager/events?${name}=${value}`, viewer)).toMatchObject({
        status: 400,
        body: { errors: expect.arrayContaining([expect.objectContaining({ path: name })]) },
      });
    expect(await api.get('/api/v1/robots/pager/events')).toMatchObject({ status: 401 });
  });

  it('are deleted when they are older than they are kept, and no others', async () => {
    await gateway.pool.query(
      `INSERT INTO robots.event (robot_id, event, priority, message, occurred_at, received_at)
       SELECT 'table1', 'OLD', 'INFO', 'OLD', now() - n * interval '1 minute', now() - interval '31 days'
       FROM generate_series(1, 1200) n`,
    );
    const message = `kept-${randomUUID()}`;
    await report({ message });
    const count = async (text: string) =>
      Number(
        (
          await gateway.pool.query<{ n: string }>(
            'SELECT count(*) AS n FROM robots.event WHERE message = $1',
            [text],
          )
        ).rows[0]!.n,
      );
    await waitFor('old events to be gone', async () => (await count('OLD')) === 0);
    expect(await count(message)).toBe(1);
  });

  it('over a control socket are taken in the same way', async () => {
    const robotEvents = gateway.replicas[0]!.app.get(RobotEvents);
    const event = `E_${randomUUID().slice(0, 8)}`;
    await robotEvents.acceptFrame('table1', { event, timestamp: AT, lease: { epoch: 1, seq: 2 } });
    await robotEvents.acceptFrame('table1', { event, timestamp: AT });
    expect(heard[0]!.map((notification) => notification.event)).toEqual([event]);
    await expect(robotEvents.acceptFrame('table1', { event: 'X' })).rejects.toMatchObject({
      status: 400,
      errors: [{ path: 'timestamp' }],
    });
    await expect(robotEvents.acceptFrame('table1', 'x')).rejects.toMatchObject({ status: 400 });
  });

  describe('that are results of steps', () => {
    const results: StepResult[] = [];
    let failure: Error | undefined;
    beforeAll(() => {
      gateway.replicas[0]!.app.get(RobotEvents).onStepResult((result) => {
        if (failure !== undefined) return Promise.reject(failure);
        results.push(result);
        return Promise.resolve();
      });
    });
    beforeEach(() => {
      results.splice(0);
      failure = undefined;
    });

    it('are handed on before the robot is answered, each time they come', async () => {
      const [taskId, stepId] = [randomUUID(), randomUUID()];
      const failed = { event: 'STEP_FAILED', taskId, stepId, reason: 'slipped' };
      for (let time = 0; time < 2; time += 1) expect(await report(failed)).toMatchObject({ status: 200 });
      const result = { robotId: 'table1', taskId, stepId, outcome: 'failed', reason: 'slipped' };
      expect(results).toEqual([result, result]);
      expect(heard[0]).toEqual([
        expect.objectContaining({ priority: 'ERROR', message: 'STEP_FAILED: slipped' }),
      ]);
    });

    it('are not accepted while they cannot be handed on, and lose nothing by it', async () => {
      const result = { event: 'STEP_DONE', taskId: randomUUID(), stepId: randomUUID(), timestamp: AT };
      failure = new Away('the database is away');
      expect(await report(result)).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
      expect(heard[0]).toEqual([]);
      failure = undefined;
      expect(await report(result)).toMatchObject({ status: 200 });
      expect(results).toHaveLength(1);
      expect(heard[0]).toHaveLength(1);
    });
  });
});

describe('a robot that sends too many events', () => {
  it('is told so, and its neighbours are not', async () => {
    const gateway = await setupGateway({ env: { ROBOT_EVENTS_PER_S: '5' } });
    try {
      const api = apiOf(gateway);
      const { body } = await api.post('/api/v1/robots', apiUser('Admin'), { robotId: 'calm' });
      const flood = await Promise.all(
        Array.from({ length: 40 }, (_, n) => api.asRobot('/table/event', { message: `m${n}` }, { key: KEY })),
      );
      const refused = flood.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(20);
      expect(refused[0]!.body.code).toBe('TOO_MANY_EVENTS');
      expect(refused[0]!.headers.get('retry-after')).toBe('1');
      const calm = { robotId: 'calm', key: body.apiKey as string };
      expect(await api.asRobot('/table/event', { message: 'x' }, calm)).toMatchObject({ status: 200 });
      expect(await api.metric('robot_events_total{outcome="limited"')).toBe(refused.length);
    } finally {
      await gateway.close();
    }
  });
});
