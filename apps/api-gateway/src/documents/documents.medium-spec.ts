import { waitFor } from '@teleop/testing';
import type { RequestListener } from 'node:http';
import { Opened, send } from '../testing/http.spec-support';
import { startGateway } from '../testing/gateway.spec-support';
import { fakeUpstream } from '../testing/upstream.spec-support';

const opened = new Opened();
afterEach(() => opened.closeAll());

const serves =
  (paths: object): RequestListener =>
  (req, res) => {
    res.setHeader('content-type', 'application/json');
    res.end(
      req.url === '/openapi.json' ? JSON.stringify({ openapi: '3.1.0', info: { title: 'x' }, paths }) : '{}',
    );
  };
const operation = { post: { responses: { 200: { description: 'ok' } } } };

describe('/openapi.json', () => {
  it('is merged from the services that are there, and gets more as they come', async () => {
    const queue = await fakeUpstream(serves({ '/queue/join': operation, '/healthz': operation }));
    const robots = await fakeUpstream(serves({ '/status': operation }));
    await robots.close();
    const gateway = await startGateway({ QUEUE_SERVICE_URL: queue.url, ROBOT_GATEWAY_URL: robots.url });
    opened.add(gateway, queue);
    const first = (await send(gateway, '/openapi.json')).json<Document>();
    expect(first.openapi).toBe('3.1.0');
    expect(Object.keys(first.paths)).toEqual(['/queue/join']);
    expect(first['x-unavailable-services']).toEqual([
      'pairing-service',
      'recognition-service',
      'robot-gateway',
      'teach-service',
      'vision-service',
    ]);
    opened.add(await fakeUpstream(serves({ '/status': operation }), robots.port));
    await waitFor('the other service’s paths', async () => {
      const { paths } = (await send(gateway, '/openapi.json')).json<Document>();
      return '/status' in paths && '/queue/join' in paths;
    });
  });

  it('keeps what a service said while it is away, and says that it is', async () => {
    const queue = await fakeUpstream(serves({ '/queue/join': operation }));
    const gateway = await startGateway({ QUEUE_SERVICE_URL: queue.url, OPENAPI_CACHE_MS: '0' });
    opened.add(gateway);
    const told = async () => (await send(gateway, '/openapi.json')).json<Document>();
    expect((await told())['x-unavailable-services']).not.toContain('queue-service');
    await queue.close();
    const alone = await told();
    expect(Object.keys(alone.paths)).toEqual(['/queue/join']);
    expect(alone['x-unavailable-services']).toContain('queue-service');
    opened.add(await fakeUpstream(serves({ '/queue/leave': operation }), queue.port));
    await waitFor('the other paths of the service that came back', async () => {
      const { paths } = await told();
      return '/queue/leave' in paths && !('/queue/join' in paths);
    });
  });

  it('asks the services once in a while only', async () => {
    const { gateway, upstream } = await opened.proxied(serves({}));
    for (let i = 0; i < 5; i += 1) await send(gateway, '/openapi.json');
    // One service under three names.
    expect(upstream.requests.filter((req) => req.url === '/openapi.json')).toHaveLength(3);
  });

  it('is not held up by a service that hangs', async () => {
    const { gateway } = await opened.proxied(() => undefined, { OPENAPI_TIMEOUT_MS: '100' });
    const started = performance.now();
    expect((await send(gateway, '/openapi.json')).json<Document>()['x-unavailable-services']).toContain(
      'queue-service',
    );
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

interface Document {
  readonly openapi: string;
  readonly paths: object;
  readonly 'x-unavailable-services': string[];
}

describe('the pages', () => {
  it.each([
    ['/docs', 'text/html'],
    ['/docs/start.js', 'text/javascript'],
    ['/docs/assets/swagger-ui-bundle.js', 'text/javascript'],
    ['/docs/assets/swagger-ui.css', 'text/css'],
    ['/demo', 'text/html'],
    ['/demo/robots', 'text/html'],
    ['/demo/demo.css', 'text/css'],
    ['/demo/keys.js', 'text/javascript'],
    ['/demo/fleet.js', 'text/javascript'],
    ['/demo/manual.js', 'text/javascript'],
    ['/demo/watch.js', 'text/javascript'],
    ['/demo/drive.js', 'text/javascript'],
    ['/socket.io/socket.io.min.js', 'application/javascript'],
    ['/asyncapi.json', 'application/json'],
  ])('%s is there', async (path, type) => {
    const { gateway } = await opened.proxied();
    const answer = await send(gateway, path);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain(type);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.text.length).toBeGreaterThan(100);
  });

  it('load nothing from elsewhere', async () => {
    const { gateway } = await opened.proxied();
    for (const path of ['/docs', '/demo', '/demo/robots']) {
      const { text, headers } = await send(gateway, path);
      expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
      expect(headers['content-security-policy']).toContain("script-src 'self'");
    }
  });

  it.each([
    '/docs/assets/package.json',
    '/docs/assets/..%2Fpackage.json',
    '/demo/..%2Fpackage.json',
    '/demo/x',
  ])('do not give %s away', async (path) => {
    const { gateway } = await opened.proxied();
    expect((await send(gateway, path)).status).toBe(404);
  });
});
