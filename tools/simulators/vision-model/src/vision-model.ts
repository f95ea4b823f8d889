import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerOf } from './api/answer';
import { DEFAULT_KNOBS, faultOfKnobs, type Knobs } from './api/knobs';
import { BadQuestion, readQuestion, type Question } from './api/question';
import { mannerOf, responseOf } from './api/respond';

export interface VisionModelOptions {
  /** 0 (the default): a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly knobs?: Partial<Knobs>;
  readonly random?: () => number;
  /** Answers instead of looking, for models that lie. */
  readonly answer?: (question: Question) => object;
  readonly log?: (message: string) => void;
}

export interface CallRecord {
  readonly model: string;
  readonly pictures: number;
  readonly status: number;
  /** Monotonic milliseconds. */
  readonly beganAt: number;
  readonly endedAt: number;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const RECORDS = 10_000;

/**
 * A server of the Responses API whose model decodes the pictures and counts the dolls in them. How it errs is set by its
 * knobs, at the start or with PUT /knobs while it runs.
 */
export class VisionModelServer {
  readonly knobs: Knobs;
  /** The newest calls, oldest first. */
  readonly calls: CallRecord[] = [];
  readonly #server: Server;
  readonly #random: () => number;
  #url = '';
  #pending = 0;

  constructor(private readonly options: VisionModelOptions = {}) {
    this.knobs = { ...DEFAULT_KNOBS, ...options.knobs };
    this.#random = options.random ?? Math.random;
    this.#server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        options.log?.(`request failed: ${String(error)}`);
        if (response.headersSent) response.destroy();
        else send(response, 500, { error: { message: 'internal error', type: 'server_error' } });
      });
    });
  }

  /** Resolves with the base URL for OPENAI_BASE_URL. */
  async start(): Promise<string> {
    this.#server.listen(this.options.port ?? 0, this.options.host ?? '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    this.#url = `http://${this.options.host ?? '127.0.0.1'}:${port}/v1`;
    return this.#url;
  }

  get url(): string {
    return this.#url;
  }

  /** Calls that are being answered. */
  get pending(): number {
    return this.#pending;
  }

  /** Cuts every connection, as a server that crashes does. */
  cut(): void {
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (path === '/healthz') return send(response, 200, { status: 'ok' });
    if (path === '/knobs') return this.turnKnobs(request, response);
    if (request.method !== 'POST' || !/^(\/v1)?\/responses$/.test(path)) {
      return send(response, 404, {
        error: { message: `no ${request.method} ${path} here`, type: 'invalid_request_error' },
      });
    }
    const beganAt = performance.now();
    let question: Question | undefined;
    this.#pending += 1;
    response.once('close', () => {
      this.#pending -= 1;
      this.record({
        model: question?.model ?? '',
        pictures: question?.pictures.length ?? 0,
        status: response.writableFinished ? response.statusCode : 0,
        beganAt,
        endedAt: performance.now(),
      });
    });
    try {
      question = readQuestion(JSON.parse(await bodyOf(request)));
      await this.respond(question, response);
    } catch (error) {
      if (!(error instanceof BadQuestion) && !(error instanceof SyntaxError)) throw error;
      const param = error instanceof BadQuestion ? error.param : 'body';
      send(response, 400, {
        error: { message: error.message, type: 'invalid_request_error', param, code: 'invalid_value' },
      });
    }
  }

  private async respond(question: Question, response: ServerResponse): Promise<void> {
    const { knobs } = this;
    const random = this.#random;
    if (random() < knobs.hangRate) return;
    if (random() < knobs.rateLimitRate) {
      response.setHeader('retry-after', String(knobs.retryAfterSeconds));
      return send(response, 429, {
        error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' },
      });
    }
    if (random() < knobs.failureRate) {
      return send(response, 500, { error: { message: 'The server had an error', type: 'server_error' } });
    }
    const began = performance.now();
    const lied = this.options.answer?.(question);
    const answer = lied ?? (await answerOf(question, knobs, random));
    // Looking takes its time too; it counts towards the latency.
    const wanted = knobs.latencyMs + (random() * 2 - 1) * knobs.latencyJitterMs;
    await sleep(Math.max(0, wanted - (performance.now() - began)));
    send(response, 200, responseOf(question, answer, mannerOf(knobs, random)));
  }

  private async turnKnobs(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'PUT') {
      const change: unknown = JSON.parse(await bodyOf(request));
      const fault = faultOfKnobs(change);
      if (fault !== undefined) return send(response, 400, { error: { message: fault } });
      Object.assign(this.knobs, change);
    }
    send(response, 200, this.knobs);
  }

  private record(call: CallRecord): void {
    this.calls.push(call);
    if (this.calls.length > RECORDS) this.calls.shift();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new BadQuestion('the body is too large', 'body');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
