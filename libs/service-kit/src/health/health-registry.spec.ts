import { HealthRegistry } from './health-registry';

describe('HealthRegistry', () => {
  it('is ready when every check passes, and names the one that does not without quoting it', async () => {
    const health = new HealthRegistry(100);
    health.register('postgres', () => Promise.resolve());
    expect(await health.readiness()).toEqual({ status: 'ok', checks: { postgres: { status: 'ok' } } });
    health.register('redis', () => {
      throw Object.assign(new Error('connect to secret-host'), { code: 'ECONNREFUSED' });
    });
    expect(await health.readiness()).toEqual({
      status: 'unavailable',
      checks: { postgres: { status: 'ok' }, redis: { status: 'failed', error: 'ECONNREFUSED' } },
    });
  });

  it('does not wait for a check that hangs', async () => {
    const health = new HealthRegistry(20);
    health.register('nats', () => new Promise(() => undefined));
    expect((await health.readiness()).checks).toEqual({
      nats: { status: 'failed', error: 'no answer within 20 ms' },
    });
  });

  it('runs the checks once for many askers at a time', async () => {
    const health = new HealthRegistry(100);
    let runs = 0;
    health.register('postgres', async () => {
      runs++;
      await new Promise((resolve) => setTimeout(resolve, 5));
    });
    await Promise.all(Array.from({ length: 10 }, () => health.readiness()));
    expect(runs).toBe(1);
    await health.readiness();
    expect(runs).toBe(2);
  });

  it('shows a warning without being unready, and is unready once it stops', async () => {
    const health = new HealthRegistry(100);
    health.warn('clock', 'differs by 5000 ms');
    expect((await health.readiness()).status).toBe('ok');
    expect((await health.readiness()).checks['clock']).toEqual({
      status: 'warning',
      error: 'differs by 5000 ms',
    });
    health.stopping();
    expect((await health.readiness()).status).toBe('unavailable');
  });
});
