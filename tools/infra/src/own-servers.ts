import path from 'node:path';
import type { Binary, Requirement } from './binaries/binary';
import { BinaryCache, cacheRoot, workspaceRoot } from './binaries/cache';
import { climb, type Rung } from './binaries/ladder';
import { natsRequirement, natsRungs } from './binaries/nats-binary';
import { postgresRequirement, postgresRungs } from './binaries/postgres-binary';
import { redisRequirement, redisRungs } from './binaries/redis-binary';
import { format } from './binaries/version';
import { ensureDatabase } from './database';
import { RememberedPorts } from './net/remembered-ports';
import { ManagedServer, type ServerSettings } from './servers/managed-server';
import { NatsKind } from './servers/nats';
import { PostgresKind, SUPERUSER } from './servers/postgres';
import { RedisKind } from './servers/redis';
import type { ServerKind } from './servers/server-kind';
import { readSettings, type InfraSettings } from './settings';
import type { InfraOptions, InfraServer, StopOptions } from './types';

const DATABASE = 'teleop';

export interface Running {
  url: string;
  server: InfraServer;
}

/** The servers that are ours below one data folder. */
export class OwnServers {
  private readonly env: NodeJS.ProcessEnv;
  private readonly progress: (line: string) => void;
  private readonly settings: ServerSettings & InfraSettings;
  private readonly remembered: RememberedPorts;
  private readonly cache: BinaryCache;
  private readonly running: ManagedServer[] = [];

  constructor(
    private readonly dataDir: string,
    private readonly options: InfraOptions,
  ) {
    this.env = options.env ?? process.env;
    this.progress = options.onProgress ?? (() => undefined);
    this.remembered = new RememberedPorts(dataDir);
    this.cache = new BinaryCache(cacheRoot(this.env, workspaceRoot()));
    this.settings = {
      ...readSettings(this.env),
      runDir: path.join(dataDir, 'run'),
      logDir: path.join(dataDir, 'logs'),
      keepRunning: options.keepRunning ?? false,
      onProgress: this.progress,
    };
  }

  async postgres(): Promise<Running> {
    const binary = this.find(
      postgresRequirement,
      'DATABASE_URL',
      postgresRungs(this.cache, workspaceRoot(), this.env),
    );
    const kind = new PostgresKind(this.dataDir, binary, this.settings);
    const server = await this.run(kind, binary);
    const base = `postgres://${SUPERUSER}:${kind.password()}@127.0.0.1:${server.port}`;
    await ensureDatabase(`${base}/postgres`, DATABASE);
    return { url: `${base}/${DATABASE}`, server };
  }

  async nats(): Promise<Running> {
    const binary = this.find(natsRequirement, 'NATS_URL', natsRungs(this.cache, this.env));
    const server = await this.run(new NatsKind(this.dataDir, binary), binary);
    return { url: `nats://127.0.0.1:${server.port}`, server };
  }

  async redis(): Promise<Running> {
    const binary = this.find(redisRequirement, 'REDIS_URL', redisRungs(this.cache, this.env));
    const server = await this.run(new RedisKind(this.dataDir, binary), binary);
    return { url: `redis://127.0.0.1:${server.port}`, server };
  }

  async stop(options: StopOptions = {}): Promise<void> {
    await Promise.all(this.running.map((server) => server.stop(options)));
  }

  /** After a start that failed half-way. */
  async undo(): Promise<void> {
    await Promise.all(this.running.map((server) => server.undo()));
  }

  private async run(kind: ServerKind, binary: () => Promise<Binary>): Promise<ManagedServer> {
    const begun = performance.now();
    const server = new ManagedServer(kind, this.settings);
    this.running.push(server);
    const adopted = await server.adopt();
    if (!adopted) await server.start(this.wantedPort(kind));
    this.remembered.set(kind.name, server.port);
    const how = adopted ? 'already running, adopted' : await described(binary);
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    this.progress(`${kind.label} on 127.0.0.1:${server.port} (${how}), ${seconds} s`);
    return server;
  }

  private wantedPort(kind: ServerKind): { port: number; mandatory: boolean } | null {
    const explicit = this.options.ports?.[kind.name];
    if (explicit) return { port: explicit, mandatory: true };
    const port = this.remembered.get(kind.name);
    return port === undefined ? null : { port, mandatory: false };
  }

  /** Looked for once, and not at all when a running server is adopted. */
  private find(requirement: Requirement, urlVariable: string, rungs: Rung[]): () => Promise<Binary> {
    let found: Promise<Binary> | undefined;
    return () => (found ??= climb(requirement, urlVariable, rungs, this.progress));
  }
}

async function described(binary: () => Promise<Binary>): Promise<string> {
  const { version, source } = await binary();
  return `version ${format(version)} from ${source}`;
}
