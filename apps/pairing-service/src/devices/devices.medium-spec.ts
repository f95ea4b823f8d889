import { waitFor } from '@teleop/testing';
import { EvmKey } from '../testing/clients.spec-support';
import { setupService, type Service } from '../testing/service.spec-support';

describe('the device registry', () => {
  let service: Service;

  beforeAll(async () => {
    service = await setupService();
  });

  afterAll(() => service.close());

  const body = () => ({ device_id: 'alpha', evm_address: new EvmKey().address, name: 'Lobby' });

  it('is for admins, and read by everybody who may log in', async () => {
    const as = (role: string) => ({ authorization: `Bearer ${service.jwt(role)}` });
    expect((await service.call('POST', '/api/v1/devices', body())).status).toBe(401);
    expect((await service.call('POST', '/api/v1/devices', body(), as('Operator'))).status).toBe(403);
    expect((await service.call('GET', '/api/v1/devices')).status).toBe(401);
    expect((await service.call('GET', '/api/v1/devices', undefined, as('viewer'))).status).toBe(200);
    expect((await service.call('DELETE', '/api/v1/devices/alpha', undefined, as('Viewer'))).status).toBe(403);
  });

  it('takes a device once and shows it', async () => {
    const device = { ...body(), evm_address: `0x${'Ab'.repeat(20)}` };
    const made = await service.admin('POST', '/api/v1/devices', device);
    const shown = {
      device_id: 'alpha',
      evm_address: `0x${'ab'.repeat(20)}`,
      name: 'Lobby',
      status: 'OFFLINE',
      last_seen: null,
      created_at: expect.any(String),
    };
    expect([made.status, made.body]).toEqual([201, shown]);
    expect((await service.admin('GET', '/api/v1/devices')).body).toEqual([shown]);
    const again = await service.admin('POST', '/api/v1/devices', device);
    expect([again.status, again.body['code']]).toEqual([409, 'DEVICE_EXISTS']);
  });

  it.each([
    ['device_id', { device_id: 'a/b' }],
    ['evm_address', { evm_address: '0x12' }],
    ['name', { name: '' }],
  ])('names a bad %s', async (path, changes) => {
    const answer = await service.admin('POST', '/api/v1/devices', { ...body(), ...changes });
    expect(answer.body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path }] });
  });

  it('shows when a device was last seen', async () => {
    const { id } = await service.device();
    const socket = await service.openDevice(id);
    expect(await service.status(id)).toBe('ONLINE');
    socket.ws.terminate();
    const list = async () =>
      (await service.admin('GET', '/api/v1/devices')).body as unknown as Record<string, unknown>[];
    await waitFor('last_seen', async () => (await list()).find((d) => d['device_id'] === id)?.['last_seen']);
    expect(await service.status(id)).toBe('OFFLINE');
  });
});
