import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * `ok`: takes callbacks; `slow`: takes them and answers when its mood changes; `failing`: answers 503; `hanging`: takes the
 * request and never answers.
 */
const MOODS = ['ok', 'slow', 'failing', 'hanging'] as const;
export type BackendMood = (typeof MOODS)[number];

export interface ReceivedCallback {
  readonly path: string;
  readonly apiKey: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly body: Record<string, unknown>;
  readonly taken: boolean;
  /** Monotonic milliseconds. */
  readonly at: number;
}

export interface AttendanceBackendOptions {
  /** 0 (the default): a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly log?: (message: string, fields: object) => void;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** What the Java backend is to recognition-service: it takes callbacks, or fails, hangs, is gone, and comes back. */
export class AttendanceBackend {
  /** Everything that came, in order, taken or not. */
  readonly received: ReceivedCallback[] = [];
  #mood: BackendMood = 'ok';
  #held: (() => void)[] = [];
  #server: Server | undefined;
  #port: number;

  constructor(private readonly options: AttendanceBackendOptions = {}) {
    this.#port = options.port ?? 0;
  }

  get mood(): BackendMood {
    return this.#mood;
  }

  set mood(mood: BackendMood) {
    this.#mood = mood;
    for (const answer of this.#held.splice(0)) answer();
  }

  get url(): string {
    return `http://${this.options.host ?? '127.0.0.1'}:${this.#port}`;
  }

  get callbackUrl(): string {
    return `${this.url}/api/attendance/recognition`;
  }

  /** Recognitions that were taken, one a student and callback, in order. */
  get recognitions(): Record<string, unknown>[] {
    return this.taken.flatMap(
      ({ body }) => (body['recognitions'] as Record<string, unknown>[] | undefined) ?? [],
    );
  }

  /** Statuses of sessions that were taken. */
  get statuses(): Record<string, unknown>[] {
    return this.taken.filter(({ path }) => path.endsWith('/session-status')).map(({ body }) => body);
  }

  get taken(): ReceivedCallback[] {
    return this.received.filter(({ taken }) => taken);
  }

  /** Also after `stop`: on the same port. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
    server.listen(this.#port, this.options.host ?? '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Gone: connections are refused. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    if (request.method === 'PUT' && request.url === '/mood') return this.turn(text.trim(), response);
    if (request.method === 'GET' && request.url === '/received') return send(response, 200, this.received);
    if (request.method !== 'POST') return send(response, 404, { message: 'POST callbacks here' });
    const taken = this.mood === 'ok' || this.mood === 'slow';
    const body = JSON.parse(text) as Record<string, unknown>;
    const path = request.url ?? '';
    this.received.push({
      path,
      apiKey: header(request, 'x-api-key'),
      idempotencyKey: header(request, 'idempotency-key'),
      body,
      taken,
      at: performance.now(),
    });
    this.options.log?.(taken ? 'callback taken' : `callback not taken: ${this.mood}`, { path, body });
    if (this.mood === 'hanging') return;
    const answer = (): void => send(response, taken ? 200 : 503, { status: taken ? 200 : 503 });
    if (this.mood === 'slow') this.#held.push(answer);
    else answer();
  }

  private turn(mood: string, response: ServerResponse): void {
    const known = MOODS.find((one) => one === mood);
    if (known === undefined) return send(response, 400, { message: `one of ${MOODS.join(', ')}` });
    this.mood = known;
    send(response, 200, { mood });
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
