import { once } from 'node:events';
import { EvmKey, Kiosk, PairingApi, sessionMessage } from '@teleop/sim-kiosk';
import { Phone } from '@teleop/sim-phone';
import { waitFor } from '@teleop/testing';
import WebSocket from 'ws';
import { get } from './support/api';
import { startSystem, type System } from './support/system';

const MIB8 = 8 * 1024 * 1024;

/** Everything through the front door, as kiosks and phones come. */
describe('a kiosk and a phone at the front door', () => {
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ arms: [] });
  }, 120_000);

  afterAll(() => system.close());

  async function registered(deviceId: string): Promise<{ key: EvmKey; api: PairingApi }> {
    const { stack } = system;
    const key = EvmKey.ofDemo(deviceId);
    const api = new PairingApi(stack.gateway);
    await api.register(deviceId, key, stack.env['JWT_SECRET'] ?? '');
    return { key, api };
  }

  it('go through a whole visit', async () => {
    const url = system.stack.gateway;
    const { key } = await registered('lobby');
    let token: string | undefined;
    const kiosk = new Kiosk({
      deviceId: 'lobby',
      key,
      url,
      heartbeatMs: 5_000,
      captureMs: 1,
      phase: () => undefined,
      show: (shown) => (token = shown),
    });
    const running = kiosk.run();
    const code = await waitFor('a code on the screen', () => token);
    const reason = await new Phone({ token: code, url, heartbeatMs: 5_000, log: () => undefined }).visit();
    expect(reason).toBe('app_complete');
    kiosk.stop();
    await running;
  }, 60_000);

  it('pass 8 MiB as they are, and a larger frame is refused with 1009', async () => {
    const { stack } = system;
    const { key, api } = await registered('gate');
    const { token } = await api.token('gate', key);
    const ws = (path: string) =>
      new WebSocket(stack.gateway.replace('http', 'ws') + path, {
        perMessageDeflate: false,
        maxPayload: 2 * MIB8,
      });
    const [device, app] = [ws(`/ws/device/gate?token=${token}`), ws(`/ws/app?token=${token}`)];
    const frames: string[] = [];
    app.on('message', (data: Buffer) => frames.push(data.toString()));
    await Promise.all([once(device, 'open'), once(app, 'open')]);
    const established = await waitFor('connection_established', () => frames[0]);
    const { app_connection_id } = JSON.parse(established) as Record<string, string>;
    const claim = await fetch(`${stack.gateway}/pair/claim`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ pairing_token: token, app_connection_id }),
    });
    expect(claim.status).toBe(200);
    const activated = JSON.parse(await waitFor('session_activated', () => frames[1])) as Record<
      string,
      string
    >;
    const session = { sessionId: activated['session_id']!, sessionKey: activated['session_key']! };
    const empty = sessionMessage(session, 1, { p: '' }, 1_700_000_000_000).length;
    const text = sessionMessage(session, 1, { p: 'A'.repeat(MIB8 - empty) }, 1_700_000_000_000);
    expect(text).toHaveLength(MIB8);
    device.send(text);
    expect((await waitFor('8 MiB to arrive', () => frames[2])) === text).toBe(true);
    const closed = once(device, 'close');
    device.send(`${text} `);
    expect((await closed)[0]).toBe(1009);
    expect(await waitFor('the end', () => frames[3])).toBe(
      '{"type":"end_session","reason":"device_disconnected"}',
    );
    app.close();
  }, 60_000);

  it('are described in the gateway’s documents', async () => {
    const wanted = [
      '/pair/prepare',
      '/pair/request',
      '/pair/claim',
      '/api/v1/devices',
      '/api/v1/devices/{device_id}',
    ];
    await waitFor('pairing-service’s part of the document', async () => {
      const { body } = await get(system.stack.gateway, '/openapi.json');
      return wanted.every((path) => path in body.paths);
    });
    const asyncapi = (await (await fetch(`${system.stack.gateway}/asyncapi.json`)).json()) as {
      channels: object;
    };
    expect(Object.keys(asyncapi.channels)).toEqual(expect.arrayContaining(['ws.device', 'ws.app']));
  });
});
