import { waitFor } from '@teleop/testing';
import { Fleet } from '../fleet/fleet';
import { admin, setupDiscovery, type DiscoverySetup } from './discovery.spec-support';

const KEY = 'secret-robot-key';
const INVALID = { status: 401, body: { status: 'error', message: 'Invalid API Key' } };

describe('a robot that says where it is, in development', () => {
  let s: DiscoverySetup;
  beforeAll(async () => {
    s = await setupDiscovery({ ROBOT_DISCOVERY_PORT: '0', TRUST_PROXY: 'loopback' });
  });
  afterAll(() => s.close());
  const at = async (headers: Record<string, string>) => {
    const answer = await s.register({ port: 8000 }, headers);
    expect([answer.status, answer.body]).toEqual([200, { status: 'success' }]);
    return s.urlOf();
  };

  it('is known at the address it called from, or the one that a believed proxy names, without a key', async () => {
    expect(await at({})).toBe('http://127.0.0.1:8000');
    expect(await at({ 'x-forwarded-for': '10.0.0.7, 127.0.0.1' })).toBe('http://10.0.0.7:8000');
    expect(await at({ 'x-real-ip': '::ffff:10.0.0.9', 'x-forwarded-for': '10.0.0.7' })).toBe(
      'http://10.0.0.9:8000',
    );
    expect(await at({ 'x-real-ip': 'fd00::1' })).toBe('http://[fd00::1]:8000');
    expect(await at({ 'x-real-ip': 'evil.example' })).toBe('http://127.0.0.1:8000');
  });

  it('is known on every replica, and after a restart', async () => {
    const second = await s.gateway.start();
    await at({ 'x-real-ip': '10.0.0.12' });
    const fleet = second.app.get(Fleet);
    await waitFor('the other replica to know', () => fleet.find('table1')?.url === 'http://10.0.0.12:8000');
    const third = await s.gateway.start();
    expect(third.app.get(Fleet).find('table1')?.url).toBe('http://10.0.0.12:8000');
  });

  it('needs its key when it is not the default one', async () => {
    const { robotId, key } = await s.newRobot();
    const wrongs: Record<string, string>[] = [{}, { 'x-api-key': KEY }];
    for (const wrong of wrongs)
      expect(await s.register({ port: 8000 }, { 'x-robot-id': robotId, ...wrong })).toMatchObject(INVALID);
    expect(s.urlOf(robotId)).toBeNull();
    const answer = await s.register({ port: 8002 }, { 'x-robot-id': robotId, 'x-api-key': key });
    expect([answer.status, s.urlOf(robotId)]).toEqual([200, 'http://127.0.0.1:8002']);
  });

  it('is told which field is wrong', async () => {
    const before = s.urlOf();
    for (const body of [
      {},
      { port: 0 },
      { port: 65_536 },
      { port: '8000' },
      { port: 80.5 },
      { port: null },
    ]) {
      const answer = await s.register(body);
      expect(answer.status).toBe(400);
      for (const { path } of answer.body.errors as { path: string }[]) expect(path).toBe('port');
    }
    expect(await s.register('{')).toMatchObject({ status: 400, body: { errors: [{ path: 'body' }] } });
    expect(await s.register({ port: 1 }, { 'x-robot-id': 'a.b' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'X-Robot-Id' }] },
    });
    expect(s.urlOf()).toBe(before);
  });

  it('is known at the address of its sender when it announces itself over UDP', async () => {
    await s.announce({ type: 'announce', port: 8001 });
    await waitFor('the default robot to be located', () => s.urlOf() === 'http://127.0.0.1:8001');
    await s.announce({ type: 'announce', port: 8001 });
    await waitFor('the repetition to be counted', async () => (await s.announces('unchanged')) === 1);
    const { robotId } = await s.newRobot();
    await s.announce({ type: 'announce', port: 8003, robotId });
    await waitFor('the other robot to be located', () => s.urlOf(robotId) === 'http://127.0.0.1:8003');
  });

  it('is not heard over UDP when it says nonsense, is nobody, or takes another’s place', async () => {
    const { robotId } = await s.newRobot({ url: 'http://10.0.0.7:8000' });
    const before = s.urlOf();
    for (const message of ['x', { type: 'announce' }, { type: 'announce', port: 70_000 }, { port: 8000 }])
      await s.announce(message);
    await s.announce({ type: 'announce', port: 8000, robotId: 'nobody' });
    await s.announce({ type: 'announce', port: 8000, robotId });
    await waitFor('all of it to be counted', async () => {
      const counts = await Promise.all(
        ['malformed', 'unknown_robot', 'refused'].map((what) => s.announces(what)),
      );
      return counts.join() === '4,1,1';
    });
    expect([s.urlOf(), s.urlOf(robotId)]).toEqual([before, 'http://10.0.0.7:8000']);
  });
});

describe('a robot that says where it is, where keys are required', () => {
  let s: DiscoverySetup;
  beforeAll(async () => {
    s = await setupDiscovery({ ROBOT_DISCOVERY_PORT: '0', ROBOT_SOCKET_AUTH: 'required' });
  });
  afterAll(() => s.close());

  it('needs its key, and is where it called from whatever it says in a header', async () => {
    const wrongs: Record<string, string>[] = [{}, { 'x-api-key': 'wrong' }];
    for (const wrong of wrongs) expect(await s.register({ port: 8000 }, wrong)).toMatchObject(INVALID);
    expect(s.urlOf()).toBeNull();
    const headers = { 'x-api-key': KEY, 'x-real-ip': '9.9.9.9', 'x-forwarded-for': '8.8.8.8' };
    expect(await s.register({ port: 8000 }, headers)).toMatchObject({ status: 200 });
    expect(s.urlOf()).toBe('http://127.0.0.1:8000');
  });

  it('names its port anew over UDP, but does not come from elsewhere without its key', async () => {
    const { robotId } = await s.newRobot();
    await s.announce({ type: 'announce', port: 8004 });
    await waitFor('the new port', () => s.urlOf() === 'http://127.0.0.1:8004');
    await s.api.patch('/api/v1/robots/table1', admin, { url: 'http://10.0.0.7:8000' });
    await s.announce({ type: 'announce', port: 8004 });
    await s.announce({ type: 'announce', port: 8005, robotId });
    await waitFor('both claims to be refused', async () => (await s.announces('refused')) === 2);
    expect([s.urlOf(), s.urlOf(robotId)]).toEqual(['http://10.0.0.7:8000', null]);
    await s.api.patch('/api/v1/robots/table1', admin, { url: null });
    await s.announce({ type: 'announce', port: 8004 });
    await waitFor('the default robot, which was nowhere', () => s.urlOf() === 'http://127.0.0.1:8004');
  });
});
