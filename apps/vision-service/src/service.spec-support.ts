import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { VisionEvaluationCompleted } from '@teleop/contracts';
import {
  seeded,
  takePicture,
  Tray,
  type PictureFormat,
  type Scene,
  type SideCounts,
} from '@teleop/sim-arm-robot';
import { VisionModelServer, type VisionModelOptions } from '@teleop/sim-vision-model';
import { createService, type Logger, type RunningService } from '@teleop/service-kit';
import { testDatabase, testNats, testServers } from '@teleop/testing';
import pg from 'pg';
import { visionServiceModule } from './app.module';
import { useFramesBody } from './body/use-frames-body';
import { readConfig } from './config';
import { migrateVision } from './database/migrate-vision';

export interface Answer {
  readonly status: number;
  // Bodies are looked at by the tests, which say what they expect.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
  readonly headers: Headers;
}

export interface VisionSetupOptions {
  readonly env?: Record<string, string>;
  readonly replicas?: number;
  readonly model?: VisionModelOptions;
  readonly logger?: Logger;
  /** A server of the test's own, which it may kill. */
  readonly postgres?: { readonly url: string };
}

/** vision-service in this process, over a database and NATS of its own, and a model that is really asked over HTTP. */
export async function setupVision(options: VisionSetupOptions = {}) {
  const database = options.postgres
    ? { url: options.postgres.url, dispose: async () => undefined }
    : await testDatabase();
  const nats = await testNats();
  await migrateVision(database.url);
  const model = new VisionModelServer(options.model);
  await model.start();
  const config = readConfig({
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    REDIS_URL: testServers().redisUrl,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'fatal',
    PORT: '0',
    HOST: '127.0.0.1',
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: model.url,
    VISION_BACKOFF_MS: '5',
    VISION_CLAIM_LOOK_MS: '20',
    ...options.env,
  });
  const replicas: RunningService[] = [];
  for (let index = 0; index < (options.replicas ?? 1); index += 1) {
    replicas.push(
      await createService({
        name: 'vision-service',
        module: visionServiceModule(config, options.logger),
        platform: 'fastify',
        config,
        bodyLimit: config.VISION_MAX_BODY_BYTES,
        setup: (app) => useFramesBody(app),
        logger: options.logger,
      }),
    );
  }
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  // The server may be killed by the test; the pool connects anew.
  pool.on('error', () => undefined);

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers = {},
    replica = 0,
  ): Promise<Answer> {
    const response = await fetch(`${replicas[replica]!.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${config.INTERNAL_API_TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      headers: response.headers,
    };
  }

  return {
    config,
    model,
    nats,
    database,
    replicas,
    url: replicas[0]!.url,
    call,
    pool,
    announced: async (): Promise<VisionEvaluationCompleted[]> => readStream(nats.url),
    compare: (body: object, replica = 0) => call('POST', '/vision/dolls_compare', body, {}, replica),
    rows: async <R extends object>(sql: string, params: unknown[] = []): Promise<R[]> =>
      (await pool.query<R>(sql, params)).rows,
    close: async () => {
      await pool.end();
      await Promise.all(replicas.map((replica) => replica.close()));
      await model.stop();
      await nats.dispose();
      await database.dispose();
    },
  };
}

/** Every event that has reached the stream, in order. */
async function readStream(natsUrl: string): Promise<VisionEvaluationCompleted[]> {
  const connection = await connect({ servers: new URL(natsUrl).host });
  try {
    const manager = await jetstreamManager(connection);
    const { last_seq: last } = (await manager.streams.info('VISION')).state;
    const events: VisionEvaluationCompleted[] = [];
    for (let seq = 1; seq <= last; seq += 1) {
      const message = await manager.streams.getMessage('VISION', { seq });
      if (message !== null) events.push(message.json<VisionEvaluationCompleted>());
    }
    return events;
  } finally {
    await connection.close();
  }
}

export type VisionSetup = Awaited<ReturnType<typeof setupVision>>;

/** One picture of a tray with so many dolls, base64. */
export async function frame(
  counts: SideCounts,
  options: { scene?: Scene; format?: PictureFormat; seed?: number } = {},
): Promise<string> {
  const { scene = 'trays', format = 'jpeg', seed = 1 } = options;
  const tray = Tray.with([counts], seed);
  const random = seeded(seed);
  const conditions = { light: 0.95, gradient: 0.1, noise: 3, warmth: 1 };
  const picture = await takePicture({
    scene,
    camera: 0,
    dolls: tray.dolls,
    conditions,
    seed: random() * 1e6,
    format,
  });
  return picture.toString('base64');
}
