import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { answerProblem, toProblem, type Logger } from '@teleop/service-kit';
import type { HttpProxy } from '../proxy/http-proxy';
import { framingOf } from '../proxy/body-of';
import { drainBody } from '../proxy/drain-body';
import type { Caller } from '../proxy/forward-headers';
import type { LimitName, RateLimits } from '../rate-limit/rate-limits';
import { pathOf, type PathTable } from '../routing/match-path';
import type { HttpRoute } from '../routing/route-table';
import type { Cors } from './cors';
import type { Visit } from './visit';

export interface FrontDoorParts {
  readonly routes: PathTable<HttpRoute>;
  readonly proxy: HttpProxy;
  readonly limits: RateLimits;
  readonly cors: Cors;
  readonly readCaller: (req: IncomingMessage) => Caller;
  readonly securityHeaders: readonly string[];
  /** How long the body of a refused request is still read, in milliseconds. */
  readonly bodyDrainMs: number;
  readonly logger: Logger;
}

/**
 * Sits on the server itself, before Express: nearly all requests are passed on, and a body parser or a router on the way
 * would cost each of them more than the passing on does.
 */
export class FrontDoor {
  constructor(private readonly parts: FrontDoorParts) {}

  /** From now on everything that the server's present listeners would get comes here first. */
  attach(server: Server): void {
    const inner = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (req, res) => {
      this.#receive(req, res, () => {
        for (const listener of inner) void listener.call(server, req, res);
      });
    });
    // A caller that asks before it sends a large body is told "no" instead of "go on".
    server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
      if (!this.#knownTooLarge(req)) res.writeContinue();
      server.emit('request', req, res);
    });
  }

  #receive(req: IncomingMessage, res: ServerResponse, inner: () => void): void {
    const path = pathOf(req.url);
    const visit = this.#visit(req);
    const { limits } = this.parts;
    const { address } = visit.caller;
    const limit = limitOf(path);
    const wait = limit === 'robots' ? limits.takeRobot(address, req.headers) : limits.take(limit, address);
    const go = (ms: number) => {
      if (ms === 0) this.#admit(path, req, res, visit, inner);
      else {
        visit.decorate(res);
        if (framingOf(req).kind !== 'none') drainBody(req, res, this.parts.bodyDrainMs);
        answerProblem(req, res, limits.refusal(limit, ms));
      }
    };
    if (typeof wait === 'number') go(wait);
    else wait.then(go).catch((error: unknown) => this.#fault(req, res, error));
  }

  #admit(path: string, req: IncomingMessage, res: ServerResponse, visit: Visit, inner: () => void): void {
    const { origin } = req.headers;
    if (req.method === 'OPTIONS' && origin && req.headers['access-control-request-method'] !== undefined) {
      this.#preflight(req, res, origin, visit);
      return;
    }
    const route = this.parts.routes.find(path);
    if (route !== undefined) {
      this.parts.proxy.pass(route, req, res, visit);
      return;
    }
    visit.decorate(res);
    inner();
  }

  /** Answered here for all services. An origin that is not allowed gets no permission, which is its refusal. */
  #preflight(req: IncomingMessage, res: ServerResponse, origin: string, visit: Visit): void {
    visit.decorate(res);
    const { cors } = this.parts;
    const asked = req.headers['access-control-request-headers'];
    res.writeHead(204, cors.allows(origin, req.headers.host) ? cors.preflightHeaders(asked) : {});
    res.end();
  }

  #visit(req: IncomingMessage): Visit {
    const caller = this.parts.readCaller(req);
    const { origin, host } = req.headers;
    const answerHeaders = ['x-request-id', caller.requestId];
    if (origin !== undefined) {
      if (this.parts.cors.allows(origin, host)) answerHeaders.push(...this.parts.cors.answerHeaders(origin));
      else answerHeaders.push('vary', 'Origin');
    }
    const defaultHeaders = this.parts.securityHeaders;
    return {
      caller,
      answerHeaders,
      defaultHeaders,
      decorate: (res) => {
        for (const list of [defaultHeaders, answerHeaders])
          for (let i = 0; i < list.length; i += 2) res.setHeader(list[i] as string, list[i + 1] as string);
      },
    };
  }

  #knownTooLarge(req: IncomingMessage): boolean {
    const route = this.parts.routes.find(pathOf(req.url));
    const framing = framingOf(req);
    return (
      route !== undefined && framing.kind === 'length' && framing.bytes > this.parts.proxy.maxBodyBytes(route)
    );
  }

  #fault(req: IncomingMessage, res: ServerResponse, error: unknown): void {
    this.parts.logger.error({ err: error, url: req.url }, 'the front door failed');
    if (!res.headersSent) answerProblem(req, res, toProblem(error));
  }
}

function limitOf(path: string): LimitName {
  if (path.startsWith('/auth/')) return 'auth';
  return path.startsWith('/table/') ? 'robots' : 'request';
}
