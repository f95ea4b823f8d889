import { testNats, waitFor } from '@teleop/testing';
import type { Browser } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { launchBrowser } from '../testing/browser.spec-support';
import { FakeRobots } from '../testing/fake-robots.spec-support';
import { startGateway } from '../testing/gateway.spec-support';
import { JWT_SECRET, jwt } from '../testing/robot-watcher.spec-support';
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
  const robots = await FakeRobots.start(nats.url);
  // Nobody has asked them for their nodes yet.
  robots.nodes = [];
  for (const robotId of ['table1', 'table2']) await robots.change(robotId);
  const token = jwt(600, 'Admin');
  const asked: string[] = [];
  const frames: string[] = [];
  const routes: object[] = [];
  const upstream = await fakeUpstream((req, res) => {
    void readAll(req).then((body) => {
      const what = `${req.method} ${req.url}`;
      if (req.method !== 'GET') asked.push(what);
      let answer: object = { status: 'success', message: 'Done' };
      if (req.url === '/auth/token') answer = { token, expires_in: 600 };
      else if (what.startsWith('GET /routes')) answer = routes;
      else if (what.startsWith('GET /nodes')) answer = { nodes: ['Home', 'Kitchen', 'Bar'] };
      else if (what.startsWith('POST /routes'))
        routes.push({
          ...(JSON.parse(body.toString()) as object),
          id: 'a',
          added_by: 'Ada',
          added_at: '2026-01-16T10:00:00Z',
        });
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(answer));
    });
  });
  const sockets = new WebSocketServer({ server: upstream.server, path: '/ws/drive/manual' });
  sockets.on('connection', (ws, req) => {
    frames.push(req.url ?? '');
    ws.on('message', (data: Buffer) => frames.push(data.toString()));
  });
  const gateway = await startGateway({
    NATS_URL: nats.url,
    JWT_SECRET,
    QUEUE_SERVICE_URL: upstream.url,
    ROBOT_GATEWAY_URL: upstream.url,
  });
  const context = await browser.newContext();
  opened.push(robots, upstream, gateway, context);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(
    `${gateway.url}/demo/robots#userId=00000000-0000-4000-8000-000000000001&token=demo&robotId=table2`,
  );
  await page.click('#sign-in');
  await page.locator('#connection', { hasText: 'watching all robots' }).waitFor();
  return { page, robots, asked, frames, faults, token };
}

describe('the robots page in a browser', () => {
  it('shows the fleet live', async () => {
    const { page, robots, faults } = await setup();
    await page.locator('#fleet tr').nth(1).waitFor();
    await robots.change('table1', { batteryLevel: 42 });
    await page.locator('#fleet tr[data-robot-id="table1"]', { hasText: '42 %' }).waitFor();
    expect(await page.locator('#role').textContent()).toBe('Ada, Admin');
    expect(faults).toEqual([]);
  }, 30_000);

  it('locks, drives with the arrow keys and unlocks the chosen robot', async () => {
    const { page, asked, frames, faults, token } = await setup();
    await page.click('#lock:not([disabled])');
    await page.locator('#drive-state', { hasText: 'you drive table2' }).waitFor();
    await waitFor('the socket', () => frames.length > 0);
    expect(frames[0]).toBe(
      `/ws/drive/manual?${new URLSearchParams({ token, robotId: 'table2' }).toString()}`,
    );
    await page.keyboard.down('ArrowUp');
    await waitFor('some frames', () => frames.length > 3);
    await page.keyboard.up('ArrowUp');
    const stop = { command: 'DRIVE_COMMAND', linear_velocity: 0, angular_velocity: 0 };
    await waitFor('the stop', () => frames.at(-1) === JSON.stringify(stop));
    expect(JSON.parse(frames[1] as string)).toEqual({ ...stop, linear_velocity: 0.6 });
    await page.click('#unlock');
    await page.locator('#drive-state', { hasText: 'not locked' }).waitFor();
    await waitFor('the unlocking', () => asked.includes('DELETE /drive/lock?robotId=table2'));
    expect(asked).toContain('POST /drive/lock?robotId=table2');
    expect(faults).toEqual([]);
  }, 30_000);

  it('adds a route and shows the queue', async () => {
    const { page, faults } = await setup();
    await page.locator('#nodes option').nth(2).waitFor({ state: 'attached' });
    await page.fill('#start', 'Home');
    await page.fill('#destination', 'Kitchen');
    await page.click('#add-route:not([disabled])');
    await page.locator('#routes tr', { hasText: 'Kitchen' }).waitFor();
    expect(faults).toEqual([]);
  }, 30_000);
});
