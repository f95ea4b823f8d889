import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@teleop/testing';
import { messageText } from '../testing/clients.spec-support';
import { setupService, type Service } from '../testing/service.spec-support';

describe('the end of a session', () => {
  let service: Service;

  beforeAll(async () => {
    service = await setupService({ env: { SILENCE_LIMIT_S: '3' } });
  });

  afterAll(() => service.close());

  it.each(['device', 'app'] as const)('comes to both with the reason that the %s gives', async (role) => {
    const pair = await service.pair();
    pair[role].send({ type: 'end_session', reason: 'user_cancelled' });
    const end = { type: 'end_session', reason: 'user_cancelled' };
    expect([await pair.device.got('end_session'), await pair.app.got('end_session')]).toEqual([end, end]);
  });

  it('is manual when no reason is given, and an end that comes late is no fault', async () => {
    const pair = await service.pair();
    pair.app.send({ type: 'end_session' });
    expect(await pair.device.got('end_session')).toEqual({ type: 'end_session', reason: 'manual' });
    pair.device.send({ type: 'end_session' });
    pair.device.send({ type: 'session_message' });
    expect(await pair.device.got('error')).toMatchObject({ code: 'MALFORMED' });
    expect(pair.device.frames('error')).toHaveLength(1);
    expect(pair.device.frames('end_session')).toHaveLength(1);
  });

  it('leaves the device free, and it can be paired again over the same socket', async () => {
    const known = await service.device();
    const pair = await service.pair({ known });
    expect(await service.status(known.id)).toBe('BUSY');
    pair.device.send({ type: 'end_session' });
    await pair.app.got('end_session');
    expect(await service.status(known.id)).toBe('ONLINE');
    const stale = messageText({ ...pair, seq: 1, payload: '{}' });
    pair.device.send(stale);
    expect(await pair.device.got('error')).toMatchObject({ code: 'NO_SESSION' });

    const token = await service.token(known);
    const { app, appConnection } = await service.openApp(token);
    expect((await service.claim(token, appConnection)).status).toBe(200);
    const second = await pair.device.got('session_activated', 2);
    expect(second['session_key']).not.toBe(pair.sessionKey);
    // A new session counts from 1 again, and knows nothing of the old key.
    pair.device.send(stale);
    expect(await pair.device.got('error', 2)).toMatchObject({ code: 'NO_SESSION', expected_seq: 1 });
    expect(app.frames('session_message')).toHaveLength(0);
  });

  it.each([
    ['device', 'app'],
    ['app', 'device'],
  ] as const)(
    'is told to the other side when the %s is lost, behind what it had sent',
    async (lost, other) => {
      const pair = await service.pair();
      const last = messageText({ ...pair, seq: 1, payload: `{"p":"${'x'.repeat(500_000)}"}` });
      pair[lost].ws.send(last, () => pair[lost].ws.terminate());
      const end = await pair[other].got('end_session');
      expect(end).toEqual({ type: 'end_session', reason: `${lost}_disconnected` });
      expect(pair[other].texts.slice(-2)[0]).toBe(last);
      const row = await waitFor('the record of the end', async () => {
        const found = await service.audit(pair.sessionId);
        return found?.['ended_at'] && found;
      });
      expect(row).toMatchObject({ end_reason: `${lost}_disconnected`, device_id: pair.deviceId });
      expect(Number(row[`${lost}_messages`])).toBe(1);
      expect(Number(row[`${lost}_bytes`])).toBe(Buffer.byteLength(last));
      expect(JSON.stringify(row)).not.toContain(pair.sessionKey);
      expect(JSON.stringify(row)).not.toContain(pair.token);
      const offline = lost === 'device' ? 'OFFLINE' : 'ONLINE';
      await waitFor('its status', async () => (await service.status(pair.deviceId)) === offline);
    },
  );

  it('comes when the device connects anew: the old socket is closed with 4002', async () => {
    const pair = await service.pair();
    await service.openDevice(pair.deviceId);
    expect((await pair.device.wasClosed()).code).toBe(4002);
    expect(await pair.app.got('end_session')).toEqual({ type: 'end_session', reason: 'device_disconnected' });
    expect(await service.status(pair.deviceId)).toBe('ONLINE');
  });

  it('comes when a side is silent; pings of its own count, answers to ours do not', async () => {
    const pair = await service.pair();
    const beat = setInterval(() => pair.app.ws.ping(), 500);
    expect(await pair.app.got('end_session')).toEqual({ type: 'end_session', reason: 'device_disconnected' });
    clearInterval(beat);
    expect((await pair.device.wasClosed()).code).toBe(4010);
    expect(pair.app.closed).toBeUndefined();
  });

  it('comes when the device is removed, and its tokens end', async () => {
    const known = await service.device();
    const pair = await service.pair({ known });
    const token = await service.token(known);
    expect((await service.admin('DELETE', `/api/v1/devices/${known.id}`)).status).toBe(204);
    expect((await pair.device.wasClosed()).code).toBe(4003);
    await pair.app.got('end_session');
    expect((await service.claim(token, pair.appConnection)).body['code']).toBe('TOKEN_EXPIRED');
    expect((await service.admin('DELETE', `/api/v1/devices/${known.id}`)).body['code']).toBe(
      'DEVICE_NOT_FOUND',
    );
  });
});

describe('registering hardware', () => {
  const asked: { headers: IncomingMessage['headers']; body: string }[] = [];
  const answers: { status: number; body: string; location?: string }[] = [];
  const admin = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      asked.push({ headers: req.headers, body });
      const { status, body: text, location } = answers.shift() ?? { status: 200, body: '{"id":"HW-123"}' };
      res.writeHead(status, { 'content-type': 'application/json', ...(location && { location }) }).end(text);
    });
  });
  let service: Service;

  beforeAll(async () => {
    await new Promise<void>((resolve) => admin.listen(0, '127.0.0.1', resolve));
    const { port } = admin.address() as AddressInfo;
    service = await setupService({
      env: { HARDWARE_ADMIN_URL: `http://127.0.0.1:${port}/hardware`, HARDWARE_ADMIN_TOKEN: 'admin-secret' },
    });
  });

  afterAll(async () => {
    await service.close();
    admin.close();
  });

  const register = { type: 'hardware_register', platform_id: 'jetson-nano-01', image_base64: '/9j/4AAQ' };

  it('passes it on and answers the device, and the app while there is a session', async () => {
    const pair = await service.pair();
    pair.device.send(register);
    const result = { type: 'hardware_register_result', ok: true, status: 200, data: { id: 'HW-123' } };
    expect(await pair.device.got('hardware_register_result')).toEqual(result);
    expect(await pair.app.got('hardware_register_result')).toEqual(result);
    expect(JSON.parse(asked[0]!.body)).toEqual({ platform_id: 'jetson-nano-01', image_base64: '/9j/4AAQ' });
    expect(asked[0]!.headers).toMatchObject({
      authorization: 'Bearer admin-secret',
      'x-device-id': pair.deviceId,
    });
  });

  it('needs no session, and says what the admin API said', async () => {
    const { id } = await service.device();
    const device = await service.openDevice(id);
    answers.push({ status: 422, body: '{"error":"blurred"}' }, { status: 200, body: 'not json' });
    device.send(register);
    expect(await device.got('hardware_register_result')).toMatchObject({
      ok: false,
      status: 422,
      data: { error: 'blurred' },
    });
    device.send(register);
    expect(await device.got('hardware_register_result', 2)).toMatchObject({
      ok: true,
      data: { text: 'not json' },
    });
  });

  it('goes nowhere that the admin API sends us on to: our token is for it alone', async () => {
    const { id } = await service.device();
    const device = await service.openDevice(id);
    const before = asked.length;
    answers.push({ status: 307, body: '', location: '/elsewhere' });
    device.send(register);
    expect(await device.got('hardware_register_result')).toMatchObject({ ok: false, status: 307 });
    expect(asked).toHaveLength(before + 1);
  });

  it('is nothing an app may do', async () => {
    const pair = await service.pair();
    pair.app.send(register);
    expect(await pair.app.got('error')).toMatchObject({ code: 'MALFORMED' });
  });

  it('is answered with 503 when no admin API is configured', async () => {
    const bare = await setupService();
    const { id } = await bare.device();
    const device = await bare.openDevice(id);
    device.send(register);
    expect(await device.got('hardware_register_result')).toMatchObject({ ok: false, status: 503 });
    await bare.close();
  });
});
