import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a path answers with. A `PUT` is given the body's text. */
export type Answers = Readonly<Record<string, (body: string) => object>>;

const MAX_BODY = 64 * 1_024;

/** The robot's own HTTP server: `/health`, `/status` and `/nodes` of the source, and the simulator's controls if wanted. */
export class RobotServer {
  readonly #server: Server;
  #port = 0;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: { readonly host: string; readonly port: number },
    private readonly answers: Answers,
  ) {
    this.#server = createServer((request, response) => this.handle(request, response));
  }

  get port(): number {
    return this.#port;
  }

  /** Comes back at the same port after a loss of power. */
  async listen(): Promise<void> {
    await this.#closing;
    this.#server.listen(this.#port === 0 ? this.options.port : this.#port, this.options.host);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#closing = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#closing;
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '/').split('?')[0]!;
    const answer = this.answers[`${request.method} ${path}`];
    if (answer === undefined) return reply(response, 404, { status: 'error', message: 'Not found' });
    if (request.method === 'GET') return reply(response, 200, answer(''));
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) request.destroy();
      else chunks.push(chunk);
    });
    request.on('end', () => {
      try {
        reply(response, 200, answer(Buffer.concat(chunks).toString('utf8')));
      } catch (error) {
        reply(response, 400, { status: 'error', message: (error as Error).message });
      }
    });
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
