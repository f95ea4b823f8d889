import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createDatabase, freePort, startInfra, type Infra } from '@teleop/infra';
import pg from 'pg';
import { Worker } from '../workers/worker';
import { entryOf, Service } from './service';

const run = promisify(execFile);

/** Secrets as production demands them, made for this run. */
export interface Secrets {
  readonly JWT_SECRET: string;
  readonly INTERNAL_API_TOKEN: string;
  readonly ROBOT_API_KEY: string;
  readonly RECOGNITION_API_KEY: string;
  readonly URL_AES_KEY: string;
  readonly OPENAI_API_KEY: string;
}

/** Servers of its own in a temporary folder, and every process that was started over them. Fsync is on. */
export class World {
  readonly secrets: Secrets = {
    JWT_SECRET: randomBytes(32).toString('hex'),
    INTERNAL_API_TOKEN: randomBytes(32).toString('hex'),
    ROBOT_API_KEY: randomBytes(32).toString('hex'),
    RECOGNITION_API_KEY: randomBytes(32).toString('hex'),
    URL_AES_KEY: randomBytes(32).toString('base64'),
    OPENAI_API_KEY: randomBytes(32).toString('hex'),
  };
  readonly #services: Service[] = [];
  readonly #workers: Worker[] = [];
  readonly #pools: pg.Pool[] = [];
  readonly #atStop: (() => Promise<void>)[] = [];
  #stopping: Promise<void> | undefined;

  private constructor(
    readonly infra: Infra,
    readonly dir: string,
  ) {}

  static async start(): Promise<World> {
    const dir = mkdtempSync(path.join(tmpdir(), 'teleop-bench-'));
    // The caller's servers are not for measuring on.
    const env = { ...process.env, DATABASE_URL: '', NATS_URL: '', REDIS_URL: '' };
    const infra = await startInfra({ dataDir: dir, env });
    return new World(infra, dir);
  }

  /** A database with the given services' schemas in it. */
  async migrated(name: string, services: readonly string[]): Promise<string> {
    const url = await createDatabase(this.infra.databaseUrl, name);
    for (const service of services) {
      await run(process.execPath, [entryOf(service, 'migrate')], {
        env: { PATH: process.env['PATH'], DATABASE_URL: url, NODE_ENV: 'production' },
      });
    }
    return url;
  }

  /** A copy of a database nobody is connected to. */
  copied(name: string, template: string): Promise<string> {
    return createDatabase(this.infra.databaseUrl, name, { template });
  }

  pool(databaseUrl: string, max = 2): pg.Pool {
    const pool = new pg.Pool({ connectionString: databaseUrl, max });
    // Idle connections are cut when the server stops before their goodbye is read.
    pool.on('error', (error) => {
      if (this.#stopping === undefined) throw error;
    });
    this.#pools.push(pool);
    return pool;
  }

  async service(name: string, databaseUrl: string, env: Record<string, string> = {}): Promise<Service> {
    const service = await this.starting(name, databaseUrl, env);
    await service.ready();
    return service;
  }

  /** Started, not yet ready. */
  async starting(name: string, databaseUrl: string, env: Record<string, string> = {}): Promise<Service> {
    const port = await freePort();
    const service = new Service({
      name,
      port,
      logFile: path.join(this.dir, `${name}.log`),
      env: {
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
        HOST: '127.0.0.1',
        PORT: String(port),
        DATABASE_URL: databaseUrl,
        NATS_URL: this.infra.natsUrl,
        REDIS_URL: this.infra.redisUrl,
        LEADERBOARD_REFRESH_SECONDS: '0',
        // A well-known port: not ours alone on a machine that others use.
        ROBOT_DISCOVERY_PORT: 'off',
        ...this.secrets,
        ...env,
      },
    });
    this.#services.push(service);
    return service;
  }

  worker(file: string, env: Record<string, string> = {}): Worker {
    const worker = new Worker(file, env);
    this.#workers.push(worker);
    return worker;
  }

  /** Done first when this world stops, also when its scenario failed. */
  atStop(work: () => Promise<void>): void {
    this.#atStop.push(work);
  }

  /** Dirty pages of one round are not written out during the next. */
  async settle(): Promise<void> {
    const client = new pg.Client({ connectionString: this.infra.databaseUrl });
    await client.connect();
    await client.query('CHECKPOINT');
    await client.end();
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.stopAll());
  }

  /** The processes that belong to this world; what they start does too. */
  pids(): number[] {
    const servers = Object.values(this.infra.servers).flatMap(({ pid }) => (pid === null ? [] : [pid]));
    return [process.pid, ...servers];
  }

  killServices(): void {
    for (const service of this.#services) service.kill();
  }

  private async stopAll(): Promise<void> {
    await Promise.all(this.#atStop.map((work) => work()));
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await Promise.all(this.#services.map((service) => service.stop()));
    await Promise.all(this.#pools.filter((pool) => !pool.ended).map((pool) => pool.end()));
    await this.infra.stop();
    if (process.env['BENCH_KEEP'] === undefined) rmSync(this.dir, { recursive: true, force: true });
    else process.stdout.write(`kept: ${this.dir}\n`);
  }
}
