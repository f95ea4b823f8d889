import { createHmac } from 'node:crypto';
import { waitFor } from '@teleop/testing';
import { messageText, openPeer, openRefused } from '../testing/clients.spec-support';
import { setupService, type Pair, type Service } from '../testing/service.spec-support';

const proof = ({ sessionKey, sessionId }: Pair, seq: number) =>
  createHmac('sha256', Buffer.from(sessionKey, 'base64')).update(`${sessionId}${seq}`).digest('hex');

describe('a side that comes back within its grace', () => {
  let service: Service;

  beforeAll(async () => {
    service = await setupService({
      replicas: 2,
      env: { SESSION_RESUME_GRACE_S: '3', PAIRING_OPEN_DEVICE_SOCKET: 'false' },
    });
  });

  afterAll(() => service.close());

  async function pairClosed(at: { device?: number; app?: number } = {}): Promise<Pair> {
    const known = await service.device();
    const token = await service.token(known);
    const device = await service.openDevice(known.id, at.device ?? 0, `?token=${token}`);
    const { app, appConnection } = await service.openApp(token, at.app ?? 0);
    await service.claim(token, appConnection);
    const { session_id: sessionId, session_key: sessionKey } = await device.got('session_activated');
    await app.got('session_activated');
    return { device, app, deviceId: known.id, token, appConnection, sessionId, sessionKey };
  }

  const query = (pair: Pair, seq: number) => `?session_id=${pair.sessionId}&resume=${proof(pair, seq)}`;
  const text = (pair: Pair, seq: number) => messageText({ ...pair, seq, payload: `{"n":${seq}}` });

  it.each([
    ['the same replica', 0, 0],
    ['another replica, which passes it on', 0, 1],
  ])('to %s goes on with its session and is sent what it missed', async (_, first, second) => {
    const pair = await pairClosed({ app: first });
    pair.device.send(text(pair, 1));
    await pair.app.gotText(text(pair, 1));
    pair.app.ws.terminate();
    await pair.app.wasClosed();
    pair.device.send(text(pair, 2));
    pair.device.send(text(pair, 3));
    const back = service.track(await openPeer(`${service.urlOf(second)}/ws/app${query(pair, 1)}`));
    await back.gotText(text(pair, 3));
    expect(back.texts.slice(1)).toEqual([text(pair, 2), text(pair, 3)]);
    back.send(text(pair, 1));
    await pair.device.gotText(text(pair, 1));
    pair.device.send(text(pair, 4));
    await back.gotText(text(pair, 4));
    expect(pair.device.frames('end_session')).toHaveLength(0);
    pair.device.send({ type: 'end_session' });
    await back.got('end_session');
  });

  it('may be the device, whose token is long expired, also when its old socket still looks open', async () => {
    const pair = await pairClosed();
    const back = await service.openDevice(pair.deviceId, 0, query(pair, 0));
    expect((await pair.device.wasClosed()).code).toBe(4002);
    back.send(text(pair, 1));
    await pair.app.gotText(text(pair, 1));
    expect(await service.status(pair.deviceId)).toBe('BUSY');
    expect(pair.app.frames('end_session')).toHaveLength(0);
  });

  it('that remembers only what it sent is sent what came while it was away', async () => {
    const pair = await pairClosed();
    for (let seq = 1; seq <= 3; seq += 1) pair.app.send(text(pair, seq));
    await pair.device.gotText(text(pair, 3));
    pair.device.send(text(pair, 1));
    await pair.app.gotText(text(pair, 1));
    pair.app.ws.terminate();
    await pair.app.wasClosed();
    await new Promise((resolve) => setTimeout(resolve, 100));
    pair.device.send(text(pair, 2));
    const back = service.track(await openPeer(`${service.urlOf(0)}/ws/app${query(pair, 3)}`));
    await back.gotText(text(pair, 2));
    expect(back.texts.slice(1)).toEqual([text(pair, 2)]);
  });

  it('needs the proof of this session', async () => {
    const [pair, other] = [await pairClosed(), await pairClosed()];
    pair.app.ws.terminate();
    const url = `${service.urlOf(0)}/ws/app`;
    const refused = async (q: string) => (await openRefused(`${url}${q}`)).body['code'];
    expect(
      await refused(
        `?session_id=${pair.sessionId}&resume=${proof({ ...other, sessionId: pair.sessionId }, 0)}`,
      ),
    ).toBe('RESUME_REFUSED');
    expect(await refused(`?session_id=${pair.sessionId}&resume=${'0'.repeat(64)}`)).toBe('RESUME_REFUSED');
    expect(await refused(`?session_id=${pair.sessionId}&resume=x`)).toBe('RESUME_REFUSED');
    expect(await refused(`?session_id=nobody&resume=${proof(pair, 0)}`)).toBe('RESUME_REFUSED');
    expect(await refused(`?session_id=${other.deviceId}&resume=${proof(pair, 0)}`)).toBe('RESUME_REFUSED');
    // Another device cannot take the device's side either.
    const device = await openRefused(`${service.urlOf(0)}/ws/device/${other.deviceId}${query(pair, 0)}`);
    expect(device.body['code']).toBe('RESUME_REFUSED');
  });

  it('that comes too late finds the session ended', async () => {
    const pair = await pairClosed();
    const began = performance.now();
    pair.device.ws.terminate();
    expect(await waitFor('the end', () => pair.app.frames('end_session')[0])).toMatchObject({
      reason: 'device_disconnected',
    });
    expect(performance.now() - began).toBeGreaterThan(2_800);
    const late = await openRefused(`${service.urlOf(0)}/ws/device/${pair.deviceId}${query(pair, 0)}`);
    expect([late.status, late.body['code']]).toEqual([401, 'RESUME_REFUSED']);
  });
});
