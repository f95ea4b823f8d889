import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { AttendanceBackend } from '@teleop/sim-attendance-backend';
import { createService, type Logger, type RunningService } from '@teleop/service-kit';
import { testDatabase, testFfmpeg, testNats, testServers } from '@teleop/testing';
import pg from 'pg';
import { recognitionModule } from '../app.module';
import { readConfig } from '../config';
import { migrateRecognition } from '../database/migrate-recognition';
import { usePhotoBody } from '../embeddings/photo-body';
import type { StartEngine } from '../engine-host/engine-host';
import { ColourEngine, vectorOf } from './colour-faces.spec-support';

// A first ffmpeg is downloaded, and busy machines are slow machines.
jest.setTimeout(180_000);

export interface Answer {
  readonly status: number;
  // Bodies are looked at by the tests, which say what they expect.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
  readonly headers: Headers;
}

export interface SetupOptions {
  readonly env?: Record<string, string>;
  readonly replicas?: number;
  readonly logger?: Logger;
  readonly startEngine?: StartEngine;
}

/** Everything that waits is shorter than in a school. */
const QUICK = {
  CAMERA_START_TIMEOUT_MS: '8000',
  CAMERA_SILENCE_MS: '1500',
  CAMERA_RECONNECT_DELAY_MS: '150',
  CAMERA_REVIVE_MS: '400',
  CALLBACK_WAITS_MS: '20,40,80',
  CALLBACK_TIMEOUT_MS: '500',
  SESSION_LEASE_MS: '1000',
  SESSION_RENEW_MS: '150',
};

/** recognition-service in this process, one replica or more, with a database, NATS and an attendance backend of its own. */
export async function setupRecognition(options: SetupOptions = {}) {
  const [database, nats, ffmpeg] = await Promise.all([testDatabase(), testNats(), testFfmpeg()]);
  await migrateRecognition(database.url);
  const backend = new AttendanceBackend();
  await backend.start();
  const env = {
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    REDIS_URL: testServers().redisUrl,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'fatal',
    PORT: '0',
    HOST: '127.0.0.1',
    NODE_ENV: 'test',
    FFMPEG_PATH: ffmpeg.file,
    FFMPEG_LIBRARY_PATH: ffmpeg.libraryPath,
    ...QUICK,
    ...options.env,
  };
  const config = readConfig(env);
  const replicas: RunningService[] = [];
  const start = async (): Promise<RunningService> => {
    const service = await createService({
      name: 'recognition-service',
      module: recognitionModule(config, {
        logger: options.logger,
        startEngine: options.startEngine ?? (() => Promise.resolve(new ColourEngine())),
      }),
      platform: 'fastify',
      config,
      bodyLimit: config.RECOGNITION_MAX_BODY_BYTES,
      setup: (app) => usePhotoBody(app, config),
      logger: options.logger,
    });
    replicas.push(service);
    return service;
  };
  for (let index = 0; index < (options.replicas ?? 1); index += 1) await start();
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  const key = { 'x-api-key': config.RECOGNITION_API_KEY };

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: object = key,
    replica = 0,
  ): Promise<Answer> {
    const isForm = body instanceof FormData;
    const response = await fetch(`${replicas[replica]!.url}${path}`, {
      method,
      headers: {
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : isForm || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const bytes = Buffer.from(await response.arrayBuffer());
    return {
      status: response.status,
      body: isJson ? JSON.parse(bytes.toString()) : bytes,
      headers: response.headers,
    };
  }

  return {
    env,
    config,
    nats,
    database,
    backend,
    replicas,
    start,
    pool,
    call,
    url: replicas[0]!.url,
    rows: async <R extends object>(sql: string, params: unknown[] = []): Promise<R[]> =>
      (await pool.query<R>(sql, params)).rows,
    process: (body: object, replica = 0) =>
      call('POST', '/api/v1/recognition/process-session', body, key, replica),
    stop: (slotId: number, replica = 0) =>
      call('POST', '/api/v1/recognition/stop-session', { slotId }, key, replica),
    session: async (slotId: number, replica = 0) =>
      (await call('GET', `/api/v1/recognition/sessions/${slotId}`, undefined, key, replica)).body.data,
    events: () => readStream(nats.url),
    embed: (photo: Buffer | undefined, submissionId: string | undefined = 's1') =>
      call('POST', '/api/v1/embeddings/generate', photoForm(photo, submissionId)),
    close: async () => {
      await Promise.all(replicas.map((replica) => replica.close()));
      await backend.stop();
      await pool.end();
      await nats.dispose();
      await database.dispose();
    },
  };
}

/** Every event that has reached the stream, in order. */
async function readStream(natsUrl: string): Promise<{ subject: string; payload: Record<string, unknown> }[]> {
  const connection = await connect({ servers: new URL(natsUrl).host });
  try {
    const manager = await jetstreamManager(connection);
    const { last_seq: last } = (await manager.streams.info('RECOGNITION')).state;
    const events: { subject: string; payload: Record<string, unknown> }[] = [];
    for (let seq = 1; seq <= last; seq += 1) {
      const message = await manager.streams.getMessage('RECOGNITION', { seq });
      if (message !== null) events.push({ subject: message.subject, payload: message.json() });
    }
    return events;
  } finally {
    await connection.close();
  }
}

export type Recognition = Awaited<ReturnType<typeof setupRecognition>>;

export function photoForm(photo: Buffer | undefined, submissionId: string | undefined): FormData {
  const form = new FormData();
  if (photo !== undefined)
    form.set('photo', new Blob([new Uint8Array(photo)], { type: 'image/jpeg' }), 'me.jpg');
  if (submissionId !== undefined) form.set('submissionId', submissionId);
  return form;
}

let slots = 0;

/** A slot that no other test of this file uses. */
export const newSlot = (): number => (slots += 1);

export interface SessionWish {
  readonly slotId: number;
  readonly students: readonly number[];
  readonly cameras: readonly { readonly id: number; readonly rtspUrl: string }[];
  readonly callbackUrl: string;
  readonly mode?: string;
  readonly callbackType?: string;
  readonly config?: object;
}

/** The body of process-session: student `n` is person `n`, with user id 100 + n. */
export function sessionBody({ slotId, students, cameras, callbackUrl, ...rest }: SessionWish) {
  return {
    slotId,
    roomId: 7,
    mode: rest.mode ?? 'INITIAL',
    callbackType: rest.callbackType ?? 'REGULAR',
    students: students.map((person) => ({
      userId: 100 + person,
      fullName: `Student ${person}`,
      rollNumber: `SE${1_000 + person}`,
      embeddingVector: vectorOf(person),
      embeddingVersion: 1,
    })),
    cameras: cameras.map(({ id, rtspUrl }) => ({ id, name: `camera ${id}`, rtspUrl })),
    config: { similarityThreshold: 0.8, scanInterval: 0.5, callbackUrl, ...rest.config },
  };
}
