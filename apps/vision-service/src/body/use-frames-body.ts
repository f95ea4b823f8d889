import type { IncomingMessage, ServerResponse } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { FramesBody } from './frames-body';

/** The part of Fastify that is needed; Fastify itself is the platform's dependency, not ours. */
interface Instance {
  addHook(
    name: 'onRequest',
    hook: (request: { raw: IncomingMessage }, reply: { raw: ServerResponse }, done: () => void) => void,
  ): void;
  addContentTypeParser(
    type: string,
    parse: (request: { raw: IncomingMessage }, payload: IncomingMessage) => Promise<unknown>,
  ): void;
}

/** Puts FramesBody in the place of the platform's JSON parser. To be called before the routes are made. */
export function useFramesBody(app: INestApplication): void {
  const body = app.get(FramesBody);
  const instance = app.getHttpAdapter().getInstance() as Instance;
  instance.addHook('onRequest', (request, reply, done) => {
    body.expect(request.raw, reply.raw);
    done();
  });
  instance.addContentTypeParser('application/json', (request) => body.read(request.raw));
}
