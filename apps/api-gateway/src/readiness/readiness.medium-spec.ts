import { testNats, waitFor } from '@teleop/testing';
import { Opened, send } from '../testing/http.spec-support';
import { startGateway } from '../testing/gateway.spec-support';
import { fakeUpstream } from '../testing/upstream.spec-support';
import { withoutOptional } from './downstream-health';

const opened = new Opened();
afterEach(() => opened.closeAll());

interface Ready {
  readonly status: string;
  readonly checks: Record<string, { status: string; error?: string }>;
}

describe('/readyz', () => {
  it('names every service and dependency, and how it is', async () => {
    const sick = await fakeUpstream((_req, res) => res.writeHead(503).end());
    opened.add(sick);
    const { gateway } = await opened.proxied(undefined, {
      ROBOT_GATEWAY_URL: sick.url,
      VISION_SERVICE_URL: 'http://127.0.0.1:1',
    });
    const answer = await send(gateway, '/readyz');
    expect(answer.status).toBe(200);
    expect(answer.json<Ready>()).toEqual({
      status: 'ok',
      checks: {
        nats: { status: 'ok' },
        redis: { status: 'ok' },
        'queue-service': { status: 'ok' },
        'robot-gateway': { status: 'warning', error: 'NOT_READY' },
        'vision-service': { status: 'warning', error: 'ECONNREFUSED' },
        'recognition-service': { status: 'warning', error: 'NOT_CONFIGURED' },
        'pairing-service': { status: 'warning', error: 'NOT_CONFIGURED' },
        'teach-service': { status: 'warning', error: 'NOT_CONFIGURED' },
      },
    });
  });

  it('does not take the gateway out of rotation when Redis is away', async () => {
    const { gateway } = await opened.proxied(undefined, { REDIS_URL: 'redis://127.0.0.1:1' });
    const answer = await send(gateway, '/readyz');
    expect(answer.status).toBe(200);
    expect(answer.json<Ready>().checks['redis']?.status).toBe('warning');
  });

  it('takes it out when NATS is away, and back in when NATS is back', async () => {
    const nats = await testNats();
    opened.add({ close: () => nats.dispose() });
    const gateway = await startGateway({ NATS_URL: nats.url });
    try {
      nats.kill9();
      await waitFor('503', async () => (await send(gateway, '/readyz')).status === 503);
      expect((await send(gateway, '/healthz')).status).toBe(200);
      await nats.restart();
      await waitFor('200', async () => (await send(gateway, '/readyz')).status === 200);
    } finally {
      await gateway.close();
    }
  }, 40_000);

  it('stays unready while it stops, whatever is only a warning', () => {
    const failed = { status: 'failed', error: 'x' } as const;
    const readiness = { status: 'unavailable', checks: { redis: failed, shutdown: failed } } as const;
    expect(withoutOptional(readiness, new Set(['redis']))).toEqual({
      status: 'unavailable',
      checks: { redis: { status: 'warning', error: 'x' }, shutdown: failed },
    });
  });
});
