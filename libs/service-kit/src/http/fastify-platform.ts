import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemFilter } from '../errors/problem.filter';
import { exchangeOf } from './exchange';
import type { Platform, PlatformOptions } from './platform';
import { trustProxy } from './trust-proxy';

const MAX_PARAM_LENGTH = 2_048;

/** @public required late by createService */
export async function createFastify(options: PlatformOptions): Promise<Platform> {
  const { config } = options;
  const late: { filter?: ProblemFilter } = {};
  const adapter = new FastifyAdapter({
    // Errors of the router itself (badly encoded addresses) come before any hook or filter of Nest's.
    frameworkErrors: (error: Error, request: unknown, reply: unknown) =>
      late.filter?.answer(error, request, reply),
    bodyLimit: options.bodyLimit,
    trustProxy: trustProxy(config.TRUST_PROXY),
    keepAliveTimeout: config.KEEP_ALIVE_TIMEOUT_MS,
    requestTimeout: config.REQUEST_TIMEOUT_MS,
    // Node looks every 30 s for requests that are overdue; a trickling one would live up to twice its time.
    http: { connectionsCheckingInterval: Math.max(50, Math.min(5_000, config.REQUEST_TIMEOUT_MS / 4)) },
    // Ours: readiness says that we stop; what still arrives meanwhile is answered.
    return503OnClosing: false,
    logger: false,
    genReqId: () => '',
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
  });
  const app = await NestFactory.create<NestFastifyApplication>(options.module, adapter, {
    bodyParser: false,
    bufferLogs: false,
    logger: options.logger,
    abortOnError: false,
  });
  late.filter = app.get(ProblemFilter);
  prepare(adapter.getInstance<Instance>());
  return { app, server: app.getHttpServer() };
}

// The type of the adapter's default instance; fastify itself is the adapter's dependency, not ours.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Instance = FastifyAdapter extends FastifyAdapter<any, any, any, any, any, infer I> ? I : never;

function prepare(instance: Instance): void {
  instance.addHook('onRequest', (request, _reply, done) => {
    const exchange = exchangeOf(request.raw);
    if (exchange !== undefined && !request.is404) exchange.route = request.routeOptions.url;
    done();
  });
  const parseJson = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser(
    /^application\/([\w.-]+\+)?json\s*(;|$)/i,
    { parseAs: 'string' },
    (request, body, done) => {
      // Clients that set the header on every request send it without a body too.
      if (body.length === 0) done(null, undefined);
      else void parseJson(request, body as string, done);
    },
  );
}
