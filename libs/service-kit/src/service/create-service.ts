import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplication, Type } from '@nestjs/common';
import { SERVICES, type ServiceName } from '@teleop/contracts';
import type { CommonConfig } from '../config/common-settings';
import { answerClientErrors } from '../errors/client-error';
import { ProblemFilter } from '../errors/problem.filter';
import { HealthRegistry } from '../health/health-registry';
import { AccessLog } from '../http/access-log';
import { HotRoutes } from '../http/hot-routes';
import { HttpEdge } from '../http/http-edge';
import { startMetricsServer } from '../http/metrics-server';
import { OpsEndpoints } from '../http/ops-endpoints';
import { setTimeouts, type Platform } from '../http/platform';
import { Logger } from '../logging/logger';
import { serviceLogger } from '../logging/service-logger';
import { Metrics } from '../metrics/metrics';
import { drainServer, drainTime } from '../shutdown/drain-server';
import { Shutdown } from '../shutdown/shutdown';
import { WsRouter } from '../ws/ws-router';

export interface ServiceOptions {
  readonly name: ServiceName;
  /** The app's root module; it imports ServiceKitModule.forRoot with the same name and config. */
  readonly module: Type;
  readonly platform: 'fastify' | 'express';
  readonly config: CommonConfig;
  /** Bytes of a JSON body; 256 KiB by default. */
  readonly bodyLimit?: number;
  /** False: bodies are left on the stream, as a proxy needs it. The default on Express. */
  readonly bodyParser?: boolean;
  /** False: no /openapi.json of the kit's. */
  readonly openapi?: boolean;
  /** After the app is made and before its routes are: middleware, Socket.IO, WebSocket routes. */
  readonly setup?: (app: INestApplication, server: Server) => void | Promise<void>;
  readonly logger?: Logger;
}

export interface RunningService {
  readonly app: INestApplication;
  readonly server: Server;
  readonly url: string;
  /** Where /metrics is: `url`, or the port of its own. */
  readonly metricsUrl: string;
  /** Stops accepting, finishes what is in flight, closes sockets, then runs the app's shutdown hooks. */
  close(): Promise<void>;
}

const DEFAULT_BODY_LIMIT = 256 * 1024;

async function createPlatform(options: ServiceOptions): Promise<Platform> {
  const platformOptions = {
    config: options.config,
    module: options.module,
    logger: options.logger ?? serviceLogger(options.name, options.config),
    bodyLimit: options.bodyLimit ?? DEFAULT_BODY_LIMIT,
    bodyParser: options.bodyParser ?? options.platform === 'fastify',
  };
  /* Only the platform in use is loaded. */
  /* eslint-disable @typescript-eslint/no-require-imports */
  if (options.platform === 'fastify') {
    const { createFastify } =
      require('../http/fastify-platform') as typeof import('../http/fastify-platform');
    return createFastify(platformOptions);
  }
  const { createExpress } = require('../http/express-platform') as typeof import('../http/express-platform');
  return createExpress(platformOptions);
  /* eslint-enable @typescript-eslint/no-require-imports */
}

function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  const host = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A running service without process handlers; tests start it on port 0. */
export async function createService(options: ServiceOptions): Promise<RunningService> {
  const { config } = options;
  const { app, server } = await createPlatform(options);
  const ws = app.get(WsRouter);
  let metrics: Server | undefined;
  let edge: HttpEdge;
  try {
    await options.setup?.(app, server);
    setTimeouts(server, config);
    answerClientErrors(server, app.get(ProblemFilter).extras);
    ws.attach(server);
    const ops = app.get(OpsEndpoints);
    if (options.openapi !== false) ops.document('/openapi.json', () => buildOpenApi(app, options.name));
    await app.init();
    const log = new AccessLog(app.get(Logger), app.get(Metrics), config);
    edge = new HttpEdge(log, ops, app.get(HotRoutes));
    edge.attach(server);
    if (config.METRICS_PORT !== undefined) {
      metrics = await startMetricsServer(ops, app.get(Metrics), config.HOST, config.METRICS_PORT);
    }
    await app.listen(config.PORT ?? SERVICES[options.name], config.HOST);
  } catch (error) {
    // Pools and connections that were opened already would keep the process alive.
    metrics?.close();
    await app.close().catch(() => undefined);
    throw error;
  }
  app.get(Metrics).collectProcess();
  const close = closer({ app, server, edge, ws, metrics }, config);
  return { app, server, url: urlOf(server), metricsUrl: urlOf(metrics ?? server), close };
}

function buildOpenApi(app: INestApplication, name: ServiceName): object {
  // @nestjs/swagger costs 13 MB: it is loaded when somebody asks for the document.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { openApiOf } = require('../openapi/openapi') as typeof import('../openapi/openapi');
  return openApiOf(app, name);
}

/** A connection that nobody used for so long, after balancers have turned elsewhere, is not waited for. */
const MAX_LINGER_MS = 1_000;

interface Parts {
  readonly app: INestApplication;
  readonly server: Server;
  readonly edge: HttpEdge;
  readonly ws: WsRouter;
  readonly metrics: Server | undefined;
}

function closer({ app, server, edge, ws, metrics }: Parts, config: CommonConfig): () => Promise<void> {
  let closing: Promise<void> | undefined;
  const close = async () => {
    app.get(HealthRegistry).stopping();
    edge.leave();
    if (config.SHUTDOWN_DELAY_MS > 0) await sleep(config.SHUTDOWN_DELAY_MS);
    const drainMs = drainTime(config.SHUTDOWN_TIMEOUT_MS);
    // The steps begin before any socket is closed: robots are told to stop over theirs.
    const lingerMs = Math.min(config.SHUTDOWN_DELAY_MS, MAX_LINGER_MS);
    await Promise.all([app.get(Shutdown).run(), drainServer(server, drainMs, lingerMs), ws.close(drainMs)]);
    await app.close();
    metrics?.close();
    metrics?.closeAllConnections();
  };
  return () => (closing ??= close());
}
