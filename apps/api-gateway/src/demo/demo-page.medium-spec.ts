import { testNats } from '@teleop/testing';
import type { Browser, Page } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { launchBrowser } from '../testing/browser.spec-support';
import { FakeQueue, TOKEN, USER } from '../testing/fake-queue.spec-support';
import { startGateway } from '../testing/gateway.spec-support';
import { fakeUpstream, readAll } from '../testing/upstream.spec-support';

let nats: Awaited<ReturnType<typeof testNats>>;
let browser: Browser;
const opened: { close(): Promise<unknown> }[] = [];

beforeAll(async () => {
  [nats, browser] = await Promise.all([testNats(), launchBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await nats?.dispose();
});
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

/** The page in a browser, before a gateway, before a queue-service and a robot-gateway of ours. */
async function setup() {
  const queue = await FakeQueue.start(nats.url);
  queue.rows = 0;
  const joined: unknown[] = [];
  const frames: string[] = [];
  const upstream = await fakeUpstream((req, res) => {
    void readAll(req).then(async (body) => {
      const answers: Record<string, () => object | Promise<object>> = {
        '/robots/status': () => ({
          success: true,
          robots: {
            arm1: { is_available: false, current_user: 'Ada', queue_length: queue.rows, live_paused: false },
          },
        }),
        '/queue/join': async () => {
          joined.push({ body: JSON.parse(body.toString()) as unknown, by: req.headers.authorization });
          queue.rows = 1;
          await queue.change('arm1');
          return { success: true, message: 'Joined the queue' };
        },
        '/queue/leave': async () => {
          queue.rows = 0;
          await queue.change('arm1');
          return { success: true, message: 'Left the queue' };
        },
        '/use_robot': () => ({ control_token: 'ct-1' }),
      };
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify((await answers[req.url ?? '']?.()) ?? {}));
    });
  });
  const robots = new WebSocketServer({ server: upstream.server, path: '/ws/drive/session' });
  robots.on('connection', (ws, req) => {
    frames.push(req.url ?? '');
    ws.on('message', (data: Buffer) => frames.push(data.toString()));
    ws.send(JSON.stringify({ type: 'state', joints: [0.1, 0.2, 0.3, 0, 0, 0] }));
  });
  const gateway = await startGateway({
    NATS_URL: nats.url,
    QUEUE_SERVICE_URL: upstream.url,
    ROBOT_GATEWAY_URL: upstream.url,
  });
  const context = await browser.newContext();
  opened.push(queue, upstream, gateway, context);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  const fragment = new URLSearchParams({ robotId: 'arm1', userId: USER, token: TOKEN });
  const open = () => page.goto(`${gateway.url}/demo#${fragment.toString()}`);
  return { page, queue, gateway, joined, frames, faults, open };
}

const connectionIs = (page: Page, text: string) => page.locator('#connection', { hasText: text }).waitFor();

describe('the demo page in a browser', () => {
  it('sees the queue change live while its user joins and leaves', async () => {
    const { page, joined, faults, open } = await setup();
    await open();
    await connectionIs(page, 'watching arm1');
    await page.locator('#queue-summary', { hasText: 'Nobody is waiting' }).waitFor();
    await page.click('#join');
    await page.locator(`#queue tr.mine.active[data-user-id="${USER}"]`).waitFor();
    expect(joined).toEqual([{ body: { robotId: 'arm1', userId: USER }, by: `Bearer ${TOKEN}` }]);
    expect(await page.locator('#queue td').first().textContent()).toBe('1');
    await page.click('#leave');
    await page.locator('#queue-summary', { hasText: 'Nobody is waiting' }).waitFor();
    expect(faults).toEqual([]);
  }, 30_000);

  it('sees what others do without being touched', async () => {
    const { page, queue, open } = await setup();
    await open();
    await connectionIs(page, 'watching arm1');
    queue.rows = 1;
    const version = await queue.change('arm1');
    await page.locator(`#queue[data-version="${version}"] tr`).waitFor();
  }, 30_000);

  it('drives with the arrow keys while it is its user’s turn', async () => {
    const { page, queue, frames, faults, open } = await setup();
    await open();
    queue.rows = 1;
    await queue.change('arm1');
    await page.click('#drive:not([disabled])');
    await page.locator('#drive-state', { hasText: 'driving' }).waitFor();
    expect(frames[0]).toBe('/ws/drive/session?robotId=arm1&token=ct-1');
    await page.locator('#joints', { hasText: 'j1' }).waitFor();
    await page.keyboard.down('ArrowUp');
    await page.waitForTimeout(250);
    await page.keyboard.up('ArrowUp');
    await page.waitForTimeout(100);
    const [hello, ...driven] = frames.slice(1);
    expect(JSON.parse(hello!)).toEqual({ type: 'lock_request', token: 'ct-1' });
    const sent = driven.map((frame) => JSON.parse(frame) as { linear_velocity: number });
    expect(sent.length).toBeGreaterThanOrEqual(3);
    expect(sent[0]).toEqual({ command: 'DRIVE_COMMAND', linear_velocity: 0.6, angular_velocity: 0 });
    expect(sent.at(-1)).toEqual({ command: 'DRIVE_COMMAND', linear_velocity: 0, angular_velocity: 0 });
    expect(faults).toEqual([]);
  }, 30_000);

  it('says why it is refused', async () => {
    const { page, gateway } = await setup();
    await page.goto(`${gateway.url}/demo#robotId=arm1&userId=${USER}&token=wrong`);
    await connectionIs(page, 'refused: UNAUTHORIZED');
  }, 30_000);
});

describe('the API page in a browser', () => {
  it('shows the services’ operations, from our own files alone', async () => {
    const { page, gateway, faults } = await setup();
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(gateway.url) && !request.url().startsWith('data:'))
        elsewhere.push(request.url());
    });
    await page.goto(`${gateway.url}/docs`);
    await page.locator('.swagger-ui .info .title', { hasText: 'Teleop suite' }).waitFor();
    expect(elsewhere).toEqual([]);
    expect(faults).toEqual([]);
  }, 30_000);
});
