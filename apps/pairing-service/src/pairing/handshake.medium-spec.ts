import { EvmKey, openRefused } from '../testing/clients.spec-support';
import { setupService, type Service } from '../testing/service.spec-support';
import { waitFor } from '@teleop/testing';

const UUID = '00000000-0000-4000-8000-000000000000';

describe('pairing', () => {
  let service: Service;

  beforeAll(async () => {
    service = await setupService({ env: { PAIRING_TOKEN_TTL_S: '5', PAIRING_NONCE_TTL_S: '2' } });
  });

  afterAll(() => service.close());

  const request = (id: string, signature: string) =>
    service.post('/pair/request', { device_id: id, signature });
  const nonceOf = async (id: string) =>
    (await service.post('/pair/prepare', { device_id: id })).body['nonce'] as string;

  describe('/pair/prepare', () => {
    it('gives a nonce for a device that does not exist as for one that does', async () => {
      const { id } = await service.device();
      const known = await service.post('/pair/prepare', { device_id: id });
      const unknown = await service.post('/pair/prepare', { device_id: 'nobody' });
      expect([known.status, unknown.status]).toEqual([200, 200]);
      expect(Object.keys(known.body)).toEqual(['nonce']);
      expect(unknown.body['nonce']).toHaveLength(known.body['nonce'].length);
    });

    it.each(['', 'a.b', 'x'.repeat(65), 'a b', '*'])('refuses the id %j by its field', async (id) => {
      const answer = await service.post('/pair/prepare', { device_id: id });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: 'device_id' }] });
    });
  });

  describe('/pair/request', () => {
    it.each([
      ['without 0x, v 27/28', '', 27],
      ['with 0x, v 27/28', '0x', 27],
      ['with 0x, v 0/1', '0x', 0],
      ['without 0x, v 0/1', '', 0],
    ])('takes a signature %s', async (_, prefix, v) => {
      const { id, key } = await service.device();
      const signature = prefix + key.sign(`${id}||${await nonceOf(id)}`, v);
      const answer = await request(id, signature);
      expect(answer.body).toEqual({ pairing_token: expect.any(String), expires_in: 5 });
      expect(answer.body['pairing_token'].length).toBeGreaterThanOrEqual(43);
    });

    it('uses the nonce up, whether the signature is good or bad', async () => {
      const { id, key } = await service.device();
      const nonce = await nonceOf(id);
      const good = key.sign(`${id}||${nonce}`);
      expect((await request(id, new EvmKey().sign(`${id}||${nonce}`))).status).toBe(401);
      expect((await request(id, good)).status).toBe(401);
      const again = key.sign(`${id}||${await nonceOf(id)}`);
      expect((await request(id, again)).status).toBe(200);
      expect((await request(id, again)).status).toBe(401);
    });

    it('answers everything that is wrong alike', async () => {
      const { id, key } = await service.device();
      const other = await service.device();
      const bad = async (signature: (nonce: string) => string, device = id) =>
        request(device, signature(await nonceOf(device)));
      const answers = [
        await bad((nonce) => new EvmKey().sign(`${id}||${nonce}`)),
        await bad((nonce) => other.key.sign(`${id}||${nonce}`)),
        await bad((nonce) => key.sign(`${id}|${nonce}`)),
        await bad(() => key.sign(`${id}||another`)),
        await bad((nonce) => key.sign(`${id}||${nonce}`), 'nobody'),
        await bad(() => 'no hex'),
        await bad(() => '0x'),
        await bad(() => '00'.repeat(65)),
        await bad(() => 'ff'.repeat(65)),
        await bad((nonce) => key.sign(`${id}||${nonce}`).slice(0, 128)),
        await bad((nonce) => `${key.sign(`${id}||${nonce}`).slice(0, 128)}1d`),
        await request('never-prepared', key.sign('never-prepared||')),
      ];
      for (const answer of answers) {
        expect(answer.status).toBe(401);
        expect(answer.body).toMatchObject({ code: 'SIGNATURE_MISMATCH', status: 401 });
        expect(answer.body['detail']).toBe(answers[0]!.body['detail']);
      }
    });

    it('refuses a nonce that is too old', async () => {
      const { id, key } = await service.device();
      const nonce = await nonceOf(id);
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      expect((await request(id, key.sign(`${id}||${nonce}`))).status).toBe(401);
    });
  });

  describe('/pair/claim', () => {
    it('says what is wrong: 404 for what is not known, 410 for what has expired', async () => {
      const device = await service.device();
      const first = await service.token(device);
      await service.openDevice(device.id);
      const { appConnection } = await service.openApp(first);

      const unknown = await service.claim('made-up', appConnection);
      expect([unknown.status, unknown.body['code']]).toEqual([404, 'TOKEN_UNKNOWN']);
      const nobody = await service.claim(first, UUID);
      expect([nobody.status, nobody.body['code']]).toEqual([404, 'APP_CONNECTION_UNKNOWN']);

      const second = await service.token(device);
      const superseded = await service.claim(first, appConnection);
      expect([superseded.status, superseded.body['code']]).toEqual([410, 'TOKEN_EXPIRED']);
      // A socket belongs to the token it was opened with.
      const foreign = await service.claim(second, appConnection);
      expect([foreign.status, foreign.body['code']]).toEqual([404, 'APP_CONNECTION_UNKNOWN']);
    });

    it('409 when the device is not connected, and the token may be claimed again once it is', async () => {
      const device = await service.device();
      const token = await service.token(device);
      const { appConnection } = await service.openApp(token);
      const away = await service.claim(token, appConnection);
      expect([away.status, away.body['code']]).toEqual([409, 'DEVICE_NOT_CONNECTED']);
      await service.openDevice(device.id);
      expect((await service.claim(token, appConnection)).status).toBe(200);
      const twice = await service.claim(token, appConnection);
      expect([twice.status, twice.body['code']]).toEqual([409, 'TOKEN_ALREADY_CLAIMED']);
    });

    it('409 while the device is in a session', async () => {
      const device = await service.device();
      const first = await service.pair({ known: device });
      const token = await service.token(device);
      const { appConnection } = await service.openApp(token);
      const busy = await service.claim(token, appConnection);
      expect([busy.status, busy.body['code']]).toEqual([409, 'DEVICE_BUSY']);
      first.device.send({ type: 'end_session' });
      await first.app.got('end_session');
      expect((await service.claim(token, appConnection)).status).toBe(200);
    });

    it.each(['token', 'id'])('names a %s that is missing', async (which) => {
      const body = which === 'token' ? { app_connection_id: UUID } : { pairing_token: 'x' };
      const answer = await service.post('/pair/claim', body);
      expect(answer.body['code']).toBe('VALIDATION_FAILED');
      const path = which === 'token' ? 'pairing_token' : 'app_connection_id';
      expect(answer.body['errors'][0]).toMatchObject({ path });
    });

    it('that cannot be recorded is undone: the token may be claimed again', async () => {
      const device = await service.device();
      const token = await service.token(device);
      await service.openDevice(device.id);
      const { app, appConnection } = await service.openApp(token);
      await service.pool.query('ALTER TABLE pairing.session RENAME TO away');
      const failed = await service.claim(token, appConnection);
      await service.pool.query('ALTER TABLE pairing.away RENAME TO session');
      expect(failed.status).toBe(500);
      expect(JSON.stringify(failed.body)).not.toMatch(/relation|pairing\.session/);
      expect(await service.status(device.id)).toBe('ONLINE');
      expect((await service.claim(token, appConnection)).status).toBe(200);
      await app.got('session_activated');
      expect(app.frames('session_activated')).toHaveLength(1);
    });

    it('of two phones at once, exactly one gets the kiosk', async () => {
      for (let round = 0; round < 10; round += 1) {
        const device = await service.device();
        const token = await service.token(device);
        const socket = await service.openDevice(device.id);
        const [one, two] = await Promise.all([service.openApp(token), service.openApp(token)]);
        const answers = await Promise.all([
          service.claim(token, one.appConnection),
          service.claim(token, two.appConnection),
        ]);
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
        const winner = answers[0].status === 200 ? one : two;
        const loser = winner === one ? two : one;
        await winner.app.got('session_activated');
        expect(socket.frames('session_activated')).toHaveLength(1);
        expect(loser.app.frames('session_activated')).toHaveLength(0);
      }
    });
  });

  it('a phone needs a token that is good now', async () => {
    const device = await service.device();
    const old = await service.token(device);
    await service.token(device);
    for (const query of ['', '?token=', '?token=made-up', `?token=${old}`]) {
      const answer = await openRefused(`${service.urlOf(0)}/ws/app${query}`);
      expect([answer.status, answer.body['code']]).toEqual([401, 'UNAUTHORIZED']);
    }
  });

  it('an expired token is told from one that never was', async () => {
    const device = await service.device();
    const token = await service.token(device);
    await service.openDevice(device.id);
    const { appConnection } = await service.openApp(token);
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    expect((await service.claim(token, appConnection)).body['code']).toBe('TOKEN_EXPIRED');
    expect((await openRefused(`${service.urlOf(0)}/ws/app?token=${token}`)).status).toBe(401);
  });
});

describe('a closed device socket', () => {
  let service: Service;

  beforeAll(async () => {
    service = await setupService({ env: { PAIRING_OPEN_DEVICE_SOCKET: 'false' } });
  });

  afterAll(() => service.close());

  it('needs the device’s own token, in the query or as bearer', async () => {
    const [device, other] = [await service.device(), await service.device()];
    const token = await service.token(device);
    const url = `${service.urlOf(0)}/ws/device/${device.id}`;
    expect((await openRefused(url)).status).toBe(401);
    expect((await openRefused(`${url}?token=made-up`)).status).toBe(401);
    expect((await openRefused(`${url}?token=${await service.token(other)}`)).status).toBe(401);
    await service.openDevice(device.id, 0, `?token=${token}`);
    expect(await service.status(device.id)).toBe('ONLINE');
  });
});

describe('too many calls', () => {
  let service: Service;

  beforeAll(async () => {
    service = await setupService({
      env: {
        PAIR_DEVICE_BURST: '3',
        PAIR_DEVICE_PER_S: '1',
        PAIR_ADDRESS_BURST: '8',
        PAIR_ADDRESS_PER_S: '1',
      },
    });
  });

  afterAll(() => service.close());

  it('are refused for one device first, then for the address', async () => {
    const statuses = async (id: string, n: number) => {
      const answers = [];
      for (let i = 0; i < n; i += 1) answers.push(await service.post('/pair/prepare', { device_id: id }));
      return answers;
    };
    expect((await statuses('one', 3)).map(({ status }) => status)).toEqual([200, 200, 200]);
    const [limited] = await statuses('one', 1);
    expect([limited!.status, limited!.body['code']]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(limited!.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    // What was refused for the device cost the address nothing.
    expect((await statuses('two', 3)).map(({ status }) => status)).toEqual([200, 200, 200]);
    const rest = (await statuses('three', 3)).map(({ status }) => status);
    expect(rest.slice(0, 2)).toEqual([200, 200]);
    await waitFor('the address to be limited', async () => (await statuses('four', 1))[0]!.status === 429);
  });
});
