import { messageText } from '../testing/clients.spec-support';
import { setupService, type Service } from '../testing/service.spec-support';

describe('a kiosk and a phone', () => {
  let service: Service;

  beforeAll(async () => {
    service = await setupService();
  });

  afterAll(() => service.close());

  it('pair, and a message of each arrives at the other byte for byte', async () => {
    const { device, app, ...session } = await service.pair();
    expect(app.frames('session_activated')).toEqual(device.frames('session_activated'));
    expect(Buffer.from(session.sessionKey, 'base64')).toHaveLength(32);

    const snapshot = messageText({ ...session, seq: 1, payload: '{"snapshot_base64":"/9j/4AAQ"}' });
    device.send(snapshot);
    await app.gotText(snapshot);
    const result = messageText({
      ...session,
      seq: 1,
      payload: '{"metadata":{"score":0.93},"result":"success"}',
    });
    app.send(result);
    await device.gotText(result);

    app.send({ type: 'end_session', reason: 'user_cancelled' });
    expect(await device.got('end_session')).toEqual({ type: 'end_session', reason: 'user_cancelled' });
    expect(await app.got('end_session')).toEqual({ type: 'end_session', reason: 'user_cancelled' });
    expect(await service.status(session.deviceId)).toBe('ONLINE');
  });
});
