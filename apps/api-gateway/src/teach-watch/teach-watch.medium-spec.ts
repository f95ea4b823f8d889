import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  eventSubject,
  feedSubject,
  teachExecutionUpdated,
  teachLockUpdated,
  teachMissionUpdated,
  teachPresent,
  teachSampleFeed,
  teachSessionUpdated,
  type TeachExecutionUpdated,
  type TeachMissionUpdated,
  type TeachPresent,
  type TeachSessionUpdated,
} from '@teleop/contracts';
import { testNats, waitFor } from '@teleop/testing';
import { startGateway, type TestGateway } from '../testing/gateway.spec-support';
import { JWT_SECRET, jwt, RobotWatcher } from '../testing/robot-watcher.spec-support';

const ID = '00000000-0000-4000-8000-00000000000';
const session = (robotId: string): TeachSessionUpdated => ({
  teachSessionId: `${ID}1`,
  robotId,
  status: 'RECORDING',
});
const mission = (revision: number): TeachMissionUpdated => ({
  missionId: `${ID}2`,
  status: 'DRAFT',
  version: 0,
  revision,
});

describe('the namespace /teach', () => {
  let nats: Awaited<ReturnType<typeof testNats>>;
  let gateway: TestGateway;
  let nc: NatsConnection;
  const watchers: RobotWatcher[] = [];

  beforeAll(async () => {
    nats = await testNats();
    nc = await connect({ servers: new URL(nats.url).host, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    gateway = await startGateway({ NATS_URL: nats.url, JWT_SECRET, TEACH_PRESENT_RETRY_MS: '50' });
  }, 60_000);

  afterEach(() => watchers.splice(0).forEach(({ socket }) => socket.close()));

  afterAll(async () => {
    await gateway.close();
    await nc.close();
    await nats.dispose();
  });

  const watch = (auth: object = {}) => {
    const watcher = new RobotWatcher(gateway.url, { auth: { token: jwt(), ...auth } }, '/teach');
    watchers.push(watcher);
    return watcher;
  };

  /** Connected, and all that was told from now on reaches it: told until it does. */
  const watching = async (auth?: object) => {
    const watcher = watch(auth);
    let revision = 100;
    await waitFor('news', () => {
      tellMission((revision += 1));
      return watcher.heard.length > 0;
    });
    // What of these is still on its way comes before anything that is told later.
    const last = 1_000 + revision;
    tellMission(last);
    await waitFor('the last of them', () => revisionOf(watcher.heard.at(-1)?.body) === last);
    watcher.heard.length = 0;
    return watcher;
  };
  const revisionOf = (body: unknown) => (body as { revision?: number } | undefined)?.revision;
  const tell = (subject: string, payload: object) => nc.publish(subject, JSON.stringify(payload));
  const tellSession = (robotId: string) => {
    const news = session(robotId);
    tell(eventSubject(teachSessionUpdated, news), news);
  };
  const tellMission = (revision: number) => {
    const news = mission(revision);
    tell(eventSubject(teachMissionUpdated, news), news);
  };

  it('passes on what teach-service announces, under the source’s names', async () => {
    const watcher = await watching();
    const lock = {
      teachSessionId: `${ID}1`,
      robotId: 'table1',
      lockId: `${ID}3`,
      scope: { nodeIds: ['A'], pathIds: [] },
    };
    const sample = { teachSessionId: `${ID}1`, robotId: 'table1', payload: { poseX: 1.5, nodeId: 'A' } };
    const execution = {
      executionId: `${ID}4`,
      missionId: `${ID}2`,
      robotId: 'table1',
      status: 'RUNNING' as const,
      paused: false,
      currentStep: 1,
      totalSteps: 2,
    };
    tellSession('table1');
    tell(eventSubject(teachLockUpdated, lock), lock);
    tell(feedSubject(teachSampleFeed, sample), sample);
    tell(eventSubject(teachExecutionUpdated, execution), execution);
    tellMission(7);
    await waitFor('all of it', () => watcher.heard.length === 5);
    const sorted = [...watcher.heard].sort((a, b) => a.event.localeCompare(b.event));
    expect(sorted).toEqual([
      { event: 'teach.execution.updated', body: execution },
      { event: 'teach.lock.updated', body: lock },
      { event: 'teach.mission.updated', body: mission(7) },
      { event: 'teach.sample.received', body: sample },
      { event: 'teach.session.updated', body: session('table1') },
    ]);
  });

  it('tells who watches one robot of that one, and of what is about none', async () => {
    const [one, all] = [await watching({ robotId: 'table1' }), await watching()];
    for (const robotId of ['table2', 'table1']) tellSession(robotId);
    await waitFor('both', () => all.heard.length === 2);
    tellMission(9);
    // Beside what the other one was told while it was connecting.
    const told = () => one.heard.filter(({ body }) => (revisionOf(body) ?? 0) < 10).map(({ body }) => body);
    await waitFor('the mission', () => told().some((body) => revisionOf(body) === 9));
    expect(told()).toEqual([session('table1'), mission(9)]);
  });

  it('widens and narrows what a client hears, each of it once', async () => {
    const watcher = await watching({ robotId: 'table1' });
    expect(await watcher.ask('subscribe', { robotId: 'table2' })).toEqual({ ok: true });
    expect(await watcher.ask('subscribe', null)).toEqual({ ok: true });
    tellSession('table2');
    tellSession('table1');
    await waitFor('both', () => watcher.heard.length >= 2);
    expect(await watcher.ask('unsubscribe', {})).toEqual({ ok: true });
    expect(await watcher.ask('unsubscribe', { robotId: 'table2' })).toEqual({ ok: true });
    expect(watcher.heard).toHaveLength(2);
    tellSession('table2');
    tellSession('table1');
    await waitFor('its own', () => watcher.heard.length >= 3);
    expect(watcher.heard.at(-1)?.body).toEqual(session('table1'));
    expect(await watcher.ask('subscribe', { robotId: 'a.b' })).toMatchObject({
      ok: false,
      code: 'VALIDATION_FAILED',
    });
  });

  describe('to somebody who joins', () => {
    let asked: { robotId?: string }[];
    let stop: () => void;
    /** What is answered, and when. */
    let answer: (robotId?: string) => Promise<TeachPresent>;

    const lock = { teachSessionId: `${ID}1`, robotId: 'table1', lockId: `${ID}3` };
    const execution = (currentStep: number, robotId = 'table1'): TeachExecutionUpdated => ({
      executionId: `${ID}4`,
      missionId: `${ID}2`,
      robotId,
      status: 'RUNNING',
      paused: false,
      currentStep,
      totalSteps: 9,
    });
    const present = (): TeachPresent => ({
      sessions: [session('table1')],
      locks: [lock],
      executions: [execution(2)],
    });

    beforeEach(async () => {
      asked = [];
      answer = () => Promise.resolve(present());
      const subscription = nc.subscribe(teachPresent.subject, {
        callback: (_error, message) => {
          const ask = message.json<{ robotId?: string }>();
          asked.push(ask);
          void answer(ask.robotId).then((ok) => message.respond(JSON.stringify({ ok })));
        },
      });
      stop = () => subscription.unsubscribe();
      await nc.flush();
    });

    afterEach(() => stop());

    const goesOn = [
      { event: 'teach.session.updated', body: session('table1') },
      { event: 'teach.lock.updated', body: lock },
      { event: 'teach.execution.updated', body: execution(2) },
    ];

    it('tells what goes on, of his robot or of all, and again when he comes back', async () => {
      const watcher = watch({ robotId: 'table1' });
      await waitFor('all that goes on', () => watcher.heard.length === 3);
      expect(watcher.heard).toEqual(goesOn);
      watcher.socket.io.engine.close();
      await waitFor('it again', () => watcher.heard.length === 6);
      expect(watcher.heard.slice(3)).toEqual(goesOn);
      await watcher.ask('subscribe', null);
      await waitFor('that of all', () => watcher.heard.length === 9);
      // Beside what is asked for sockets of other tests that have just gone.
      expect(asked.filter(({ robotId }) => robotId === 'table1').length).toBeGreaterThanOrEqual(2);
      expect(asked.at(-1)).toEqual({});
    });

    it('never tells how something was after how it is', async () => {
      let release = () => undefined as void;
      answer = () => new Promise((resolve) => (release = () => resolve(present())));
      const watcher = watch();
      await waitFor('the question', () => asked.length === 1);
      await waitFor('the news of it', () => {
        tell(eventSubject(teachExecutionUpdated, execution(7)), execution(7));
        return watcher.heard.length > 0;
      });
      release();
      await waitFor('the rest', () => watcher.heard.some(({ event }) => event === 'teach.lock.updated'));
      const steps = watcher.heard
        .filter(({ event }) => event === 'teach.execution.updated')
        .map(({ body }) => (body as TeachExecutionUpdated).currentStep);
      expect(new Set(steps)).toEqual(new Set([7]));
    });

    it('waits for a teach-service that is away', async () => {
      stop();
      const watcher = watch();
      await waitFor('the connection', () => watcher.socket.connected);
      const subscription = nc.subscribe(teachPresent.subject, {
        callback: (_error, message) => void message.respond(JSON.stringify({ ok: present() })),
      });
      await waitFor('all that goes on', () => watcher.heard.length === 3);
      subscription.unsubscribe();
    });

    it('and to all, after NATS was away', async () => {
      const watcher = watch();
      await waitFor('all that goes on', () => watcher.heard.length === 3);
      nats.kill9();
      await nats.restart();
      await waitFor('it again', () => watcher.heard.length >= 6, { timeoutMs: 15_000 });
      expect(watcher.heard.slice(3, 6)).toEqual(goesOn);
      expect(watcher.gone).toBeUndefined();
    }, 40_000);
  });

  it.each([
    ['no token', { token: undefined }, 'VALIDATION_FAILED'],
    ['a token that is none', { token: 'x' }, 'UNAUTHORIZED'],
    ['an expired token', { token: jwt(-5) }, 'UNAUTHORIZED'],
    ['a robot id that is none', { robotId: 'a b' }, 'VALIDATION_FAILED'],
  ])('refuses %s, saying why', async (_, auth, code) => {
    const watcher = watch(auth);
    expect(await waitFor('the refusal', () => watcher.fault)).toMatchObject({ code });
  });

  it('ends with the token, saying so', async () => {
    const watcher = watch({ token: jwt(1) });
    await waitFor('the end', () => watcher.gone);
    expect(watcher.heard.at(-1)).toMatchObject({ event: 'unauthorized', body: { code: 'UNAUTHORIZED' } });
  });
});
