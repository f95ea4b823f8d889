import type { Server as HttpServer } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { Logger, Metrics, Shutdown, WsRouter } from '@teleop/service-kit';
import type { Server } from 'socket.io';
import type { GatewayConfig } from '../config';
import { HttpProxy } from '../proxy/http-proxy';
import { UpgradeProxy } from '../proxy/upgrade-proxy';
import { Upstreams } from '../proxy/upstreams';
import { RateLimits } from '../rate-limit/rate-limits';
import { PathTable } from '../routing/match-path';
import { HTTP_ROUTES, SOCKET_ROUTES } from '../routing/route-table';
import { attachSocketServer, SOCKET_SERVER } from '../sockets/socket-server';
import { Cors } from './cors';
import { callerReader } from './describe-caller';
import { FrontDoor } from './front-door';
import { securityHeaders } from './security-headers';
import { attachUpgrades } from './upgrades';

/** Share of the shutdown time in which sockets may still say goodbye. */
const GOODBYE_SHARE = 0.3;

/** Puts the front door on the server: what arrives meets limits, CORS and the routing table before it meets the app. */
export function buildEdge(app: INestApplication, server: HttpServer, config: GatewayConfig): void {
  const metrics = app.get(Metrics);
  const shutdown = app.get(Shutdown);
  const upstreams = app.get(Upstreams);
  const limits = app.get(RateLimits);
  const readCaller = callerReader(config.TRUST_PROXY);
  const graceMs = config.SHUTDOWN_TIMEOUT_MS * GOODBYE_SHARE;

  // Large bodies may take long (REQUEST_TIMEOUT_MS), headers may not. The kit sets both alike, after this.
  server.once('listening', () => {
    server.headersTimeout = config.KEEP_ALIVE_TIMEOUT_MS + 1_000;
  });

  const upgrades = new UpgradeProxy(upstreams, config.UPSTREAM_CONNECT_TIMEOUT_MS, metrics);
  attachUpgrades(server, app.get(WsRouter), {
    routes: new PathTable(SOCKET_ROUTES),
    proxy: upgrades,
    limits,
    readCaller,
  });
  shutdown.onStop('WebSockets', () => upgrades.close(graceMs));

  attachSocketServer(app.get<Server>(SOCKET_SERVER), server, shutdown, graceMs);

  new FrontDoor({
    routes: new PathTable(HTTP_ROUTES),
    proxy: new HttpProxy(upstreams, config, metrics),
    limits,
    cors: app.get(Cors),
    readCaller,
    securityHeaders: securityHeaders(config.NODE_ENV === 'production'),
    bodyDrainMs: config.BODY_DRAIN_MS,
    logger: app.get(Logger),
  }).attach(server);
}
