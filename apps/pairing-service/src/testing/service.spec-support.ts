import { randomBytes } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { createService, type Logger, type RunningService } from '@teleop/service-kit';
import { testDatabase, testNats, testServers } from '@teleop/testing';
import pg from 'pg';
import { pairingModule } from '../app.module';
import { readConfig } from '../config';
import { migratePairing } from '../migrations/migrate-pairing';
import { startProcess, type ServiceProcess } from './process.spec-support';
import { EvmKey, openPeer, type Json, type Peer, type Session } from './clients.spec-support';

// Servers and processes of a test's own take their time on a busy machine.
jest.setTimeout(60_000);

export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

export interface TestDevice {
  readonly id: string;
  readonly key: EvmKey;
}

export interface Pair extends Session {
  readonly device: Peer;
  readonly app: Peer;
  readonly deviceId: string;
  readonly token: string;
  readonly appConnection: string;
}

export interface ServiceOptions {
  readonly env?: Record<string, string>;
  readonly replicas?: number;
  readonly logger?: Logger;
}

/** pairing-service in this process, one or more replicas, over a database and a NATS server of their own. */
export async function setupService(options: ServiceOptions = {}) {
  const [database, nats] = await Promise.all([testDatabase(), testNats()]);
  await migratePairing(database.url);
  const env = {
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    REDIS_URL: testServers().redisUrl,
    REDIS_PREFIX: `test:${randomBytes(6).toString('hex')}:`,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'fatal',
    PORT: '0',
    HOST: '127.0.0.1',
    ...options.env,
  };
  const config = readConfig(env);
  const replicas: RunningService[] = [];
  const start = async () => {
    const { logger } = options;
    const module = pairingModule(config, logger);
    const service = await createService({
      name: 'pairing-service',
      module,
      platform: 'fastify',
      config,
      logger,
    });
    replicas.push(service);
    return service;
  };
  for (let index = 0; index < (options.replicas ?? 1); index += 1) await start();
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  const peers: Peer[] = [];
  /** Replicas that are processes of their own, numbered behind those in this one. */
  const processes: ServiceProcess[] = [];
  const urlOf = (replica: number) => [...replicas, ...processes][replica]!.url;
  const jwt = (role: string) =>
    new JwtService().sign(
      { sub: '7f1c2a34-1111-4222-8333-444455556666', name: 'Ann', role },
      { secret: config.JWT_SECRET, expiresIn: 3_600 },
    );
  let devices = 0;

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    replica = 0,
  ) {
    const response = await fetch(`${urlOf(replica)}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? {} : JSON.parse(text)) as Json,
      headers: response.headers,
    } satisfies Answer;
  }
  const post = (path: string, body: unknown, replica = 0) => call('POST', path, body, {}, replica);
  const admin = (method: string, path: string, body?: unknown) =>
    call(method, path, body, { authorization: `Bearer ${jwt('Admin')}` });

  async function device(id = `kiosk-${(devices += 1)}`): Promise<TestDevice> {
    const key = new EvmKey();
    const answer = await admin('POST', '/api/v1/devices', { device_id: id, evm_address: key.address });
    if (answer.status !== 201) throw new Error(`device not registered: ${JSON.stringify(answer.body)}`);
    return { id, key };
  }

  async function token({ id, key }: TestDevice, replica = 0): Promise<string> {
    const { nonce } = (await post('/pair/prepare', { device_id: id }, replica)).body;
    const signature = key.sign(`${id}||${nonce}`);
    const answer = await post('/pair/request', { device_id: id, signature }, replica);
    if (answer.status !== 200) throw new Error(`no token: ${JSON.stringify(answer.body)}`);
    return answer.body['pairing_token'] as string;
  }

  const track = (peer: Peer) => (peers.push(peer), peer);
  const openDevice = async (id: string, replica = 0, query = '') =>
    track(await openPeer(`${urlOf(replica)}/ws/device/${id}${query}`));

  async function openApp(pairingToken: string, replica = 0): Promise<{ app: Peer; appConnection: string }> {
    const app = track(await openPeer(`${urlOf(replica)}/ws/app?token=${pairingToken}`));
    const { app_connection_id } = await app.got('connection_established');
    return { app, appConnection: app_connection_id as string };
  }

  const claim = (pairingToken: string, appConnection: string, replica = 0) =>
    post('/pair/claim', { pairing_token: pairingToken, app_connection_id: appConnection }, replica);

  /** A device and a phone in a session; `at`: the replicas of their sockets and of the claim. */
  async function pair(
    at: { device?: number; app?: number; claim?: number; known?: TestDevice } = {},
  ): Promise<Pair> {
    const known = at.known ?? (await device());
    const pairingToken = await token(known);
    const [deviceSocket, { app, appConnection }] = await Promise.all([
      openDevice(known.id, at.device),
      openApp(pairingToken, at.app),
    ]);
    const answer = await claim(pairingToken, appConnection, at.claim);
    if (answer.status !== 200) throw new Error(`not claimed: ${JSON.stringify(answer.body)}`);
    const activated = await deviceSocket.got('session_activated');
    await app.got('session_activated');
    return {
      device: deviceSocket,
      app,
      deviceId: known.id,
      token: pairingToken,
      appConnection,
      sessionId: activated['session_id'] as string,
      sessionKey: activated['session_key'] as string,
    };
  }

  async function startApart(): Promise<ServiceProcess> {
    const apart = await startProcess({ ...env, LOG_LEVEL: 'info' });
    processes.push(apart);
    return apart;
  }

  return {
    env,
    startApart,
    config,
    nats,
    replicas,
    start,
    pool,
    urlOf,
    jwt,
    call,
    post,
    admin,
    device,
    token,
    openDevice,
    openApp,
    claim,
    pair,
    track,
    audit: async (sessionId: string) =>
      (await pool.query<Json>('SELECT * FROM pairing.session WHERE session_id = $1', [sessionId])).rows[0],
    status: async (deviceId: string) =>
      ((await admin('GET', '/api/v1/devices')).body as unknown as Json[]).find(
        (one) => one['device_id'] === deviceId,
      )?.['status'] as string,
    close: async () => {
      for (const peer of peers) peer.ws.terminate();
      await Promise.all(processes.map((apart) => apart.kill9()));
      await Promise.all(replicas.map((replica) => replica.close()));
      await pool.end();
      await nats.dispose();
      await database.dispose();
    },
  };
}

export type Service = Awaited<ReturnType<typeof setupService>>;
