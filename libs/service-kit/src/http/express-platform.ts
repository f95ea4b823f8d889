import type { IncomingMessage, ServerResponse } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { ProblemError } from '../errors/problem-error';
import type { Platform, PlatformOptions } from './platform';
import { trustProxy } from './trust-proxy';

type Next = (error?: unknown) => void;

const JSON_TYPES = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/** Fastify refuses types it has no parser for; Express would hand an empty body to the handler instead. */
function refuseOtherTypes(req: IncomingMessage, _res: ServerResponse, next: Next): void {
  const type = req.headers['content-type'];
  const hasBody =
    req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (!hasBody || (type !== undefined && JSON_TYPES.test(type))) return next();
  next(new ProblemError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json'));
}

/** @public required late by createService */
export async function createExpress(options: PlatformOptions): Promise<Platform> {
  const adapter = new ExpressAdapter();
  const app = await NestFactory.create<NestExpressApplication>(options.module, adapter, {
    bodyParser: false,
    bufferLogs: false,
    logger: options.logger,
    abortOnError: false,
  });
  app.set('trust proxy', trustProxy(options.config.TRUST_PROXY));
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.disable('x-powered-by');
  if (options.bodyParser) {
    app.use(refuseOtherTypes);
    app.useBodyParser('json', {
      limit: options.bodyLimit,
      type: (req) => JSON_TYPES.test(req.headers['content-type'] ?? ''),
    });
  }
  return { app, server: app.getHttpServer() };
}
