import { waitFor } from '@teleop/testing';
import { messageText } from '../testing/clients.spec-support';
import { setupService, type Service } from '../testing/service.spec-support';

describe('device and app on different replicas', () => {
  let service: Service;

  beforeAll(async () => {
    service = await setupService({ replicas: 3, env: { REPLICA_CHUNK_BYTES: '100000' } });
  });

  afterAll(() => service.close());

  it('are joined by a claim at a third one, and nothing is lost, doubled or overtaken', async () => {
    const pair = await service.pair({ device: 0, app: 1, claim: 2 });
    const texts = Array.from({ length: 300 }, (_, i) =>
      // Some larger than what goes between replicas in one piece.
      messageText({
        ...pair,
        seq: i + 1,
        payload: `{"n":${i},"p":"${'x'.repeat(i % 50 === 0 ? 350_000 : 10)}"}`,
      }),
    );
    for (const text of texts) pair.device.send(text);
    pair.device.send({ type: 'heartbeat' });
    pair.device.send({ type: 'end_session', reason: 'app_complete' });
    expect(await pair.app.got('end_session')).toEqual({ type: 'end_session', reason: 'app_complete' });
    expect(pair.app.texts.slice(2, -2)).toEqual(texts);
    expect(pair.app.frames('heartbeat')).toHaveLength(1);
    expect(await pair.device.got('end_session')).toEqual({ type: 'end_session', reason: 'app_complete' });
    expect(await service.status(pair.deviceId)).toBe('ONLINE');
    const row = await waitFor('both sides on record', async () => {
      const found = await service.audit(pair.sessionId);
      return Number(found?.['device_messages']) === 300 && found;
    });
    expect(row).toMatchObject({ end_reason: 'app_complete' });
  });

  it('carry 8 MiB, both ways at once', async () => {
    const pair = await service.pair({ device: 0, app: 1 });
    const text = messageText({ ...pair, seq: 1, payload: `{"p":"${'A'.repeat(8 * 1024 * 1024 - 400)}"}` });
    pair.device.send(text);
    pair.app.send(text);
    await Promise.all([pair.app.gotText(text), pair.device.gotText(text)]);
  });

  it.each(['device', 'app'] as const)('hear when the %s is lost', async (lost) => {
    const pair = await service.pair({ device: 0, app: 1 });
    const other = lost === 'device' ? pair.app : pair.device;
    const began = performance.now();
    pair[lost].ws.terminate();
    expect(await other.got('end_session')).toEqual({ type: 'end_session', reason: `${lost}_disconnected` });
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('a device that connects to another replica is that one: the old socket is closed', async () => {
    const pair = await service.pair({ device: 0, app: 1 });
    await service.openDevice(pair.deviceId, 2);
    expect((await pair.device.wasClosed()).code).toBe(4002);
    expect(await pair.app.got('end_session')).toEqual({ type: 'end_session', reason: 'device_disconnected' });
    expect(await service.status(pair.deviceId)).toBe('ONLINE');
  });

  it('of two phones on two replicas, exactly one gets the kiosk', async () => {
    for (let round = 0; round < 5; round += 1) {
      const device = await service.device();
      const token = await service.token(device);
      await service.openDevice(device.id, round % 3);
      const [one, two] = await Promise.all([service.openApp(token, 1), service.openApp(token, 2)]);
      const answers = await Promise.all([
        service.claim(token, one.appConnection, 1),
        service.claim(token, two.appConnection, 2),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });
});

describe('a NATS server that is killed and comes back', () => {
  it('loses no message of a session across replicas', async () => {
    const service = await setupService({ replicas: 2 });
    const pair = await service.pair({ device: 0, app: 1 });
    const text = (seq: number) => messageText({ ...pair, seq, payload: `{"n":${seq}}` });
    for (let seq = 1; seq <= 50; seq += 1) pair.device.send(text(seq));
    service.nats.kill9();
    for (let seq = 51; seq <= 100; seq += 1) pair.device.send(text(seq));
    await service.nats.restart();
    await waitFor('everything to arrive', () => pair.app.frames('session_message').length >= 100, {
      timeoutMs: 20_000,
    });
    expect(pair.app.texts.slice(2)).toEqual(Array.from({ length: 100 }, (_, i) => text(i + 1)));
    expect(pair.device.frames('end_session')).toHaveLength(0);
    await service.close();
  });
});

describe('a replica that is killed', () => {
  it.each([
    ['device', 'app'],
    ['app', 'device'],
  ] as const)('with the %s ends that session within 2 s, and no other', async (lost, other) => {
    const service = await setupService({ replicas: 1 });
    const apart = await service.startApart();
    const [here, there] = [0, 1];
    const pair = await service.pair({ device: here, app: here, [lost]: there });
    const untouched = await service.pair();
    const busy = messageText({ ...pair, seq: 1, payload: '{"n":1}' });
    pair[other].send(busy);
    await pair[lost].gotText(busy);
    const began = performance.now();
    await apart.kill9();
    expect(await pair[other].got('end_session')).toEqual({
      type: 'end_session',
      reason: `${lost}_disconnected`,
    });
    expect(performance.now() - began).toBeLessThan(2_000);
    expect((await service.audit(untouched.sessionId))?.['ended_at']).toBeNull();
    const text = messageText({ ...untouched, seq: 1, payload: '{}' });
    untouched.device.send(text);
    await untouched.app.gotText(text);

    // What the dead replica left behind keeps nobody from pairing again.
    const device = { id: pair.deviceId };
    await waitFor('the device to be free', async () => (await service.status(device.id)) !== 'BUSY');
    await service.close();
  });

  it('with both sides leaves a record that the others close', async () => {
    const service = await setupService({
      env: { AUDIT_LOST_MS: '1500', AUDIT_SWEEP_MS: '200', PRESENCE_WRITE_MS: '300' },
    });
    const apart = await service.startApart();
    const known = await service.device();
    const pair = await service.pair({ known, device: 1, app: 1 });
    const kept = await service.pair();
    await apart.kill9();
    const row = await waitFor('the record to be closed', async () => {
      const found = await service.audit(pair.sessionId);
      return found?.['ended_at'] && found;
    });
    expect(row['end_reason']).toBe('lost');
    expect((await service.audit(kept.sessionId))?.['ended_at']).toBeNull();
    await waitFor(
      'its device to be shown offline',
      async () => (await service.status(known.id)) === 'OFFLINE',
    );
    // It comes back elsewhere and pairs anew.
    await service.pair({ known });
    await service.close();
  });

  it('that is told to stop tells both sides first, and closes with 1001', async () => {
    const service = await setupService();
    const apart = await service.startApart();
    const both = await service.pair({ device: 1, app: 1 });
    const one = await service.pair({ device: 1, app: 0 });
    await apart.stop();
    for (const peer of [both.device, both.app, one.device, one.app]) {
      expect(await peer.got('end_session')).toEqual({ type: 'end_session', reason: 'service_stopping' });
    }
    expect((await both.app.wasClosed()).code).toBe(1001);
    expect(one.app.closed).toBeUndefined();
    expect((await service.audit(one.sessionId))?.['end_reason']).toBe('service_stopping');
    await service.close();
  });
});

describe('what the log says', () => {
  it('is never a token, key, nonce, signature, HMAC or payload', async () => {
    const service = await setupService();
    const apart = await service.startApart();
    const device = await service.device();
    const { nonce } = (await service.post('/pair/prepare', { device_id: device.id }, 1)).body;
    const signature = device.key.sign(`${device.id}||${nonce}`);
    const { pairing_token } = (await service.post('/pair/request', { device_id: device.id, signature }, 1))
      .body;
    await service.post('/pair/request', { device_id: device.id, signature }, 1);
    const socket = await service.openDevice(device.id, 1);
    const { app, appConnection } = await service.openApp(pairing_token as string, 1);
    await service.claim(pairing_token as string, appConnection, 1);
    const { session_id: sessionId, session_key: sessionKey } = await app.got('session_activated');
    await socket.got('session_activated');
    const good = messageText({ sessionId, sessionKey, seq: 1, payload: '{"who":"payload-of-a-person"}' });
    socket.send(good);
    await app.gotText(good);
    // Everything that is logged at all: refusals above all.
    socket.send(good);
    socket.send(good.replace('person', 'stranger'));
    socket.send(`${good}}`);
    await socket.got('error', 3);
    await service.claim(pairing_token as string, appConnection, 1);
    app.ws.terminate();
    await socket.got('end_session');
    await apart.stop();

    const log = apart.output();
    expect(log).toContain('session ended');
    expect(log).toContain('message refused');
    const hmac = /"hmac": "(\w+)"/.exec(good)![1]!;
    for (const secret of [nonce, signature, pairing_token, sessionKey, hmac, 'payload-of-a']) {
      expect(log).not.toContain(secret as string);
    }
    expect(log).not.toMatch(/dev-jwt-secret|dev-internal-token/);
    await service.close();
  });
});
