import { randomUUID } from 'node:crypto';
import { Logger } from '@teleop/service-kit';
import { badRequests, send, waitFor, type OpenApiDocument } from '@teleop/testing';
import { setupService, type ServiceSetup } from './service.spec-support';

// Thousands of requests, on a machine that other tests share.
jest.setTimeout(120_000);

describe('the log of queue-service, everything in it', () => {
  let s: ServiceSetup;
  let log = '';
  const logger = Logger.create({
    service: 'queue-service',
    level: 'trace',
    destination: { write: (text: string) => void (log += text) },
  });
  const secrets = new Map<string, string>();
  /** What was written past the logger. */
  let printed = '';

  const found = (text: string) =>
    [...secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => name);

  beforeAll(async () => {
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
      jest.spyOn(stream, 'write').mockImplementation((...args: unknown[]) => {
        printed += String(args[0]);
        return write(...args);
      });
    }
    secrets.set('the password of a control URL', `control-${randomUUID()}`);
    secrets.set('the internal token', `internal-${randomUUID()}`);
    secrets.set('the JWT secret', `jwt-${randomUUID()}`);
    const own = `ws://driver:${secrets.get('the password of a control URL')}@127.0.0.1:1/drive`;
    s = await setupService({
      logger,
      env: {
        LOG_LEVEL: 'trace',
        LOG_REQUESTS: 'all',
        PROBE_TIMEOUT_MS: '100',
        INTERNAL_API_TOKEN: secrets.get('the internal token')!,
        JWT_SECRET: secrets.get('the JWT secret')!,
        TELE_OP_CONTROL_URL_ARM_arm2: own,
      },
    });
    const key = s.config.URL_AES_KEY;
    secrets.set('the AES key', key.toString('base64'));
    secrets.set('the AES key in hex', key.toString('hex'));
    secrets.set('the database URL', s.databaseUrl);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await s.close();
  });
  beforeEach(() => {
    log = '';
    printed = '';
  });
  afterEach(() => {
    expect(found(log)).toEqual([]);
    expect(found(printed)).toEqual([]);
  });

  /** A turn from joining to leaving, by hash_code and by JWT, its secrets remembered. */
  async function turn(robotId: string): Promise<void> {
    const [user] = await s.data.users(1);
    secrets.set(`the hash_code of ${user!.userId}`, user!.hashCode);
    const jwt = (await s.as(user!, '/auth/token')).body.token as string;
    secrets.set(`the JWT of ${user!.userId}`, jwt);
    const bearer = { authorization: `Bearer ${jwt}` };
    const body = { userId: user!.userId, robotId };
    await s.as(user!, '/queue/join', { robotId }, { 'idempotency-key': randomUUID() });
    await s.call('POST', '/queue/join', body, bearer);
    const { control_token } = (await s.call('POST', '/queue/control-token', body, bearer)).body;
    secrets.set(`the control token of ${user!.userId}`, control_token as string);
    const opened = await s.as(user!, '/use_robot', { robotId }, { 'idempotency-key': randomUUID() });
    expect([opened.status, opened.body.control_token]).toEqual([200, control_token]);
    await s.as(user!, '/session_url_decrypt_key');
    // Old clients put what they know into the address.
    await s.get(`/queue/${robotId}?token=${control_token}&hash_code=${user!.hashCode}&access_token=${jwt}`);
    await s.get(`/nowhere?control_token=${control_token}`, bearer);
    await s.internal('/robot/disconnect', { robotId });
    await s.as(user!, '/fetch_tele_op_session_complete_status', { controlToken: control_token });
    await s.as(user!, '/queue/leave', { robotId });
  }

  it('tells of whole turns without a credential, key or token', async () => {
    for (const robotId of ['arm1', 'arm2']) {
      await s.data.robot(robotId);
      await turn(robotId);
    }
    await waitFor('both probes to fail', () => log.split('did not answer the probe').length > 2);
    expect(log).toContain('"url":"/queue/join"');
  });

  it('tells of refusals without what was refused', async () => {
    const [user] = await s.data.users(1);
    secrets.set('the hash_code of a refused user', user!.hashCode);
    const { JWT_SECRET, INTERNAL_API_TOKEN } = s.config;
    const requests = badRequests({
      document: (await s.get('/openapi.json')).body as OpenApiDocument,
      good: {
        userId: user!.userId,
        user_id: user!.userId,
        robotId: 'arm1',
        controlToken: 'x',
        inactive: true,
      },
      credentials: { bearer: `Bearer ${user!.hashCode}`, internal: `Bearer ${INTERNAL_API_TOKEN}` },
      wrongCredentials: { 'the JWT secret': `Bearer ${JWT_SECRET}` },
    });
    for (const { request } of [...requests.headers, ...requests.contentTypes]) await send(s.url, request);
    expect(log.length).toBeGreaterThan(100_000);
  });

  it('tells of failures without the statement’s parameters', async () => {
    const renamed = [
      'ALTER FUNCTION teleop.credential_ok(text, bytea) RENAME TO gone',
      'ALTER FUNCTION teleop.gone(text, bytea) RENAME TO credential_ok',
    ];
    const [user] = await s.data.users(1);
    secrets.set('the hash_code of a failed user', user!.hashCode);
    await s.data.rows(renamed[0]!);
    try {
      for (const path of ['/queue/join', '/use_robot', '/user/control_history', '/auth/token']) {
        const answer = await s.as(user!, path, { robotId: 'arm1' }, { 'idempotency-key': randomUUID() });
        expect([path, answer.status, answer.body.code]).toEqual([path, 500, 'INTERNAL_ERROR']);
      }
    } finally {
      await s.data.rows(renamed[1]!);
    }
    expect(log).toContain('"msg":"request failed"');
  });

  it('would be caught: the search finds a secret that is written', () => {
    const [[name, secret] = ['', '']] = secrets;
    expect(found(`${log}{"msg":"joined with ${secret}"}`)).toEqual([name]);
  });
});
