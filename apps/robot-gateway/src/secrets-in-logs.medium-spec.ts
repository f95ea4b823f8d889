import { randomUUID } from 'node:crypto';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { badRequests, send, testServers, waitFor, type OpenApiDocument } from '@teleop/testing';
import { Redis } from 'ioredis';
import { createService, Logger, type RunningService } from '@teleop/service-kit';
import { robotGatewayModule } from './app.module';
import { apiUser, type ApiUser } from './testing/api.spec-support';
import { open, openPeer } from './testing/clients.spec-support';
import { setupGateway, type Gateway } from './testing/gateway.spec-support';
import { DRIVE, NAVIGATE, STATE, tableOf } from './testing/table.spec-support';

// Hundreds of requests, on a machine that other tests share.
jest.setTimeout(60_000);

describe('what robot-gateway writes and says, everything of it', () => {
  let gateway: Gateway;
  let service: RunningService;
  let nats: NatsConnection;
  let redis: Redis;
  let log = '';
  /** What was written past the logger. */
  let printed = '';
  /** Everything on NATS, inboxes and streams included. */
  let said = '';
  const secrets = new Map<string, string>();
  const logger = Logger.create({
    service: 'robot-gateway',
    level: 'trace',
    destination: { write: (text: string) => void (log += text) },
  });
  const found = (text: string) =>
    [...secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => name);
  const user = (role: string): ApiUser => {
    const made = apiUser(role, role, secrets.get('the JWT secret'));
    secrets.set(`a JWT of ${role} ${secrets.size}`, tokenOf(made));
    return made;
  };
  const tokenOf = (of: ApiUser) => of.headers.authorization.slice(7);

  beforeAll(async () => {
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
      jest.spyOn(stream, 'write').mockImplementation((...args: unknown[]) => {
        printed += String(args[0]);
        return write(...args);
      });
    }
    secrets.set('the default robot’s key', `key-${randomUUID()}`);
    secrets.set('the internal token', `internal-${randomUUID()}`);
    secrets.set('the JWT secret', `jwt-${randomUUID()}`);
    gateway = await setupGateway({
      replicas: 0,
      env: {
        LOG_LEVEL: 'trace',
        LOG_REQUESTS: 'all',
        ROBOT_SOCKET_AUTH: 'required',
        ROBOT_HTTP_TIMEOUT_MS: '200',
        STATE_WRITE_MS: '100',
        ROBOT_API_KEY: secrets.get('the default robot’s key')!,
        INTERNAL_API_TOKEN: secrets.get('the internal token')!,
        JWT_SECRET: secrets.get('the JWT secret')!,
      },
    });
    secrets.set('the database URL', gateway.env.DATABASE_URL);
    nats = await connect({ servers: new URL(gateway.nats.url).host });
    nats.subscribe('>', {
      callback: (_error, message) => {
        said += `${message.subject} ${JSON.stringify([...(message.headers ?? [])])} ${message.string()}\n`;
      },
    });
    await nats.flush();
    redis = new Redis(testServers().redisUrl);
    const { config } = gateway;
    service = await createService({
      name: 'robot-gateway',
      module: robotGatewayModule(config, logger),
      platform: 'fastify',
      config,
      logger,
    });
    gateway.replicas.push(service);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await nats.close();
    redis.disconnect();
    await gateway.close();
  });
  beforeEach(() => {
    log = printed = said = '';
  });
  afterEach(async () => {
    expect(found(log)).toEqual([]);
    expect(found(printed)).toEqual([]);
    expect(found(said)).toEqual([]);
    expect(found(await stored())).toEqual([]);
  });

  /** All rows of our schema, and all that is in Redis under our prefix. */
  async function stored(): Promise<string> {
    const { rows } = await gateway.pool.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'robots' AND table_type = 'BASE TABLE'`,
    );
    const tables = await Promise.all(
      rows.map(({ name }) => gateway.pool.query(`SELECT t::text AS row FROM robots."${name}" t`)),
    );
    const prefix = new URL(gateway.config.REDIS_URL).searchParams.get('keyPrefix') ?? '';
    const keys = await redis.keys(`${prefix}*`);
    const values = await Promise.all(keys.map((key) => redis.get(key).catch(() => '')));
    return JSON.stringify([tables.map((table) => table.rows as unknown[]), keys, values]);
  }

  it('tells of a robot’s life without its key, and of its people’s without their tokens', async () => {
    const [admin, operator, viewer] = [user('Admin'), user('Operator'), user('Viewer')] as const;
    const { api } = tableOf(gateway);
    const made = await api.post('/api/v1/robots', admin, { robotId: 'r1' });
    secrets.set('the key of r1, the first', made.body.apiKey as string);
    const again = await api.post('/api/v1/robots/r1/key', admin);
    const key = again.body.apiKey as string;
    secrets.set('the key of r1, the second', key);
    const { url } = service;
    await waitFor('the new key to hold', async () => {
      const answer = await api.asRobot('/table/state', STATE, { robotId: 'r1', key });
      return answer.status === 200;
    });
    await api.asRobot('/table/register', { port: 1 }, { robotId: 'r1', key });
    await api.asRobot('/table/event', { priority: 'WARN', message: 'Low' }, { robotId: 'r1', key });
    await api.get('/nodes?robotId=r1', viewer);
    await api.get('/robot/check?robotId=r1', viewer);
    const robot = gateway.track(await openPeer(`${url}/ws/robot/control?robotId=r1&key=${key}`));
    const manual = gateway.track(
      await openPeer(`${url}/ws/drive/manual?robotId=r1&token=${tokenOf(operator)}`),
    );
    const boss = gateway.track(await openPeer(`${url}/ws/drive/manual?robotId=r1&token=${tokenOf(admin)}`));
    const events = gateway.track(await openPeer(`${url}/ws/robot/events?token=${tokenOf(viewer)}`));
    const turn = await gateway.queue.activate('r2');
    secrets.set('a control token', turn.token);
    const session = await gateway.driver(turn);
    session.send(`{"type":"lock_request","token":"${turn.token}"}`);
    await session.got('busy');
    await api.post('/drive/lock?robotId=r1', operator);
    manual.send(DRIVE(0.5, 0));
    await robot.got('DRIVE_COMMAND');
    boss.send(NAVIGATE('Home', 'Kitchen'));
    await robot.got('NAVIGATE');
    await api.post('/routes?robotId=r1', admin, { start: 'Home', destination: 'Bar' });
    await events.got('status_update');
    for (const peer of [robot, manual, boss, events, session]) peer.ws.close();
    // Old clients put what they know into the address.
    await api.get(`/status?robotId=r1&token=${tokenOf(admin)}&key=${key}&apiKey=${key}&x-api-key=${key}`);
    await api.get(`/nowhere?token=${tokenOf(admin)}&key=${key}`, viewer);
    await waitFor('the robot to be gone', () => log.includes('robot disconnected'));
    expect(log).toContain('"url":"/table/event"');
    expect(said).toContain('r1');
    expect(await stored()).toContain('Kitchen');
  });

  it('tells of refusals without what was refused', async () => {
    const admin = user('Admin');
    const requests = badRequests({
      document: (await tableOf(gateway).api.get('/openapi.json')).body as OpenApiDocument,
      good: new Proxy(
        {},
        { get: (_, name) => goodValue(String(name)), getOwnPropertyDescriptor: anyProperty },
      ),
      credentials: { bearer: admin.headers.authorization, apiKey: secrets.get('the default robot’s key')! },
      wrongCredentials: { 'the JWT secret': `Bearer ${secrets.get('the JWT secret')}` },
      wrongKeys: { 'the internal token': secrets.get('the internal token')! },
    });
    // The same credentials at every operation: each third is enough for all of them.
    for (const [index, { request }] of requests.headers.entries())
      if (index % 3 === 0) await send(service.url, request);
    const { url } = service;
    const token = tokenOf(admin);
    secrets.set('a wrong key', `wrong-${randomUUID()}`);
    const wrong = secrets.get('a wrong key')!;
    for (const path of [
      `/ws/robot/control?robotId=table1&key=${wrong}`,
      `/ws/drive/manual?token=${wrong}&robotId=table1`,
      `/ws/drive/manual?token=${token}&robotId=nobody`,
      `/ws/drive/session?token=${wrong}&robotId=r9`,
      `/ws/robot/events?token=${wrong}`,
      `/ws/robot/events?token=${token}&robotId=a.b`,
      `/ws/nowhere?token=${token}&key=${wrong}`,
    ])
      expect([path, (await open(url + path)) instanceof Object]).toEqual([path, true]);
    expect(log.length).toBeGreaterThan(30_000);
  });

  it('tells of failures without what was asked for', async () => {
    const admin = user('Admin');
    const { api } = tableOf(gateway);
    const { pool } = gateway;
    await pool.query('ALTER TABLE robots.robot RENAME TO gone');
    try {
      const made = await api.post('/api/v1/robots', admin, { robotId: 'r7' });
      const key = await api.post('/api/v1/robots/r1/key', admin);
      for (const { status, body } of [made, key])
        expect([status, body.code]).toEqual([500, 'INTERNAL_ERROR']);
    } finally {
      await pool.query('ALTER TABLE robots.gone RENAME TO robot');
    }
    expect(log).toContain('"msg":"request failed"');
  });

  it('would be caught: the search finds a secret that is written', () => {
    const [[name, secret] = ['', '']] = secrets;
    expect(found(`${log}{"msg":"joined with ${secret}"}`)).toEqual([name]);
  });
});

const GOOD: Readonly<Record<string, unknown>> = {
  ...STATE,
  robotId: 'table1',
  port: 8_000,
  limit: 1,
  cursor: '1',
};
const goodValue = (name: string): unknown =>
  name.endsWith('Id') && name !== 'robotId' ? randomUUID() : (GOOD[name] ?? 'x');
const anyProperty = () => ({ configurable: true, enumerable: true });
