import { Opened, send } from '../testing/http.spec-support';

const opened = new Opened();
afterEach(() => opened.closeAll());
const setup = opened.proxied.bind(opened);

describe('cross-origin callers', () => {
  it('get a preflight answered and their answers readable, when allowed', async () => {
    const { gateway, upstream } = await setup(undefined, { CORS_ORIGINS: 'https://app.example' });
    const headers = {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const preflight = await send(gateway, '/queue/join', { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-headers': 'authorization',
    });
    expect(upstream.requests).toHaveLength(0);
    const answer = await send(gateway, '/queue/arm1', { headers: { origin: 'https://app.example' } });
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example');
    expect(answer.headers.vary).toContain('Origin');
  });

  it('get no permission otherwise', async () => {
    const { gateway } = await setup(undefined, { CORS_ORIGINS: 'https://app.example' });
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const preflight = await send(gateway, '/queue/join', { method: 'OPTIONS', headers });
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
    expect(preflight.headers).not.toHaveProperty('access-control-allow-methods');
    const problem = await send(gateway, '/pair/x', { headers: { origin: 'https://evil.example' } });
    expect(problem.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('can read problems too', async () => {
    const { gateway } = await setup();
    const answer = await send(gateway, '/pair/x', { headers: { origin: 'http://localhost:5173' } });
    expect(answer.status).toBe(503);
    expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:5173');
  });
});
