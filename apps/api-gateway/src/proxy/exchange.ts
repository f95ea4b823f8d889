import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { ProblemError } from '@teleop/service-kit';
import { framingOf, type BodyFraming } from './body-of';
import { bodyStalled, failed, timedOut, tooLarge } from './upstream-problem';
import type { Upstream } from './upstreams';

export interface ExchangeLimits {
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly maxBodyBytes: number;
}

export interface ExchangeOutcome {
  /** No byte of an answer has gone out: say this instead. */
  refuse(problem: ProblemError): void;
  headers(upstream: IncomingMessage): readonly string[];
  /** The service's status, or the reason why there is none or only half of an answer. */
  ended(status: number, broken?: Error): void;
}

/** Repeating these changes nothing. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Errors of a kept-alive connection that the service closed just as it was used again. */
const STALE = new Set(['ECONNRESET', 'EPIPE']);

/** One request passed on and its answer passed back, both streamed: what one side does not take is not read from the other. */
export class ProxyExchange {
  readonly #framing: BodyFraming;
  #outgoing: ClientRequest | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #done = false;

  constructor(
    private readonly upstream: Upstream,
    private readonly req: IncomingMessage,
    private readonly res: ServerResponse,
    private readonly headers: readonly string[],
    private readonly limits: ExchangeLimits,
    private readonly outcome: ExchangeOutcome,
  ) {
    this.#framing = framingOf(req);
  }

  start(): void {
    const { limits, res } = this;
    if (this.#framing.kind === 'length' && this.#framing.bytes > limits.maxBodyBytes) {
      this.#refuse(tooLarge(limits.maxBodyBytes));
      return;
    }
    res.once('close', () => this.#callerLeft());
    this.#timer = setTimeout(() => this.#late(), limits.timeoutMs);
    this.#ask();
  }

  #ask(): void {
    const { upstream, req } = this;
    const options = {
      agent: upstream.agent,
      host: upstream.host,
      port: upstream.port,
      method: req.method,
      path: upstream.prefix + (req.url ?? '/'),
      headers: this.#framedHeaders(),
      setHost: false,
    };
    const outgoing = upstream.secure ? https.request(options) : http.request(options);
    this.#outgoing = outgoing;
    outgoing.once('response', (answer) => this.#answer(answer));
    outgoing.on('error', (error) => this.#failed(outgoing, error));
    outgoing.once('socket', (socket) => {
      if (!socket.connecting) return;
      const late = setTimeout(
        () => socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' })),
        this.limits.connectTimeoutMs,
      );
      const clear = () => clearTimeout(late);
      socket.once('connect', clear).once('close', clear);
    });
    if (this.#framing.kind === 'none') outgoing.end();
    else this.#sendBody(outgoing);
  }

  #framedHeaders(): string[] {
    const { method = 'GET', headers } = this.req;
    if (this.#framing.kind === 'chunked') return [...this.headers, 'transfer-encoding', 'chunked'];
    const expectsBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
    // Without it node would announce a chunked body that never comes.
    if (expectsBody && headers['content-length'] === undefined)
      return [...this.headers, 'content-length', '0'];
    return this.headers as string[];
  }

  #sendBody(outgoing: ClientRequest): void {
    const { req, limits } = this;
    req.on('data', (chunk: Buffer) => {
      this.#sent += chunk.length;
      if (this.#sent > limits.maxBodyBytes) {
        this.#refuse(tooLarge(limits.maxBodyBytes));
        return;
      }
      this.#timer?.refresh();
      if (!outgoing.destroyed && !outgoing.write(chunk)) req.pause();
    });
    outgoing.on('drain', () => req.resume());
    req.once('end', () => outgoing.end());
  }

  #answer(answer: IncomingMessage): void {
    if (this.#done) {
      answer.destroy();
      return;
    }
    const { res } = this;
    res.writeHead(answer.statusCode ?? 502, answer.statusMessage, this.outcome.headers(answer) as string[]);
    answer.on('data', (chunk: Buffer) => {
      this.#timer?.refresh();
      if (!res.write(chunk)) answer.pause();
    });
    // A caller that takes nothing is as silent as a service that sends nothing; the same timer ends both.
    res.on('drain', () => answer.resume());
    answer.once('end', () => {
      this.#finish(answer.statusCode ?? 502);
      res.end();
    });
    answer.on('error', (error) => this.#broken(answer, error));
  }

  /** The answer broke in the middle: only cutting the caller off tells it that this is not the whole. */
  #broken(answer: IncomingMessage, error: Error): void {
    if (this.#done) return;
    this.#finish(answer.statusCode ?? 502, error);
    this.res.destroy();
  }

  #failed(outgoing: ClientRequest, error: Error): void {
    if (this.#done || outgoing !== this.#outgoing) return;
    const { code } = error as NodeJS.ErrnoException;
    const stale = outgoing.reusedSocket && code !== undefined && STALE.has(code);
    if (stale && this.#framing.kind === 'none' && REPEATABLE.has(this.req.method ?? '')) {
      this.#ask();
      return;
    }
    if (this.res.headersSent) {
      this.#finish(this.res.statusCode, error);
      this.res.destroy();
      return;
    }
    this.#refuse(failed(this.upstream.name, error));
  }

  #late(): void {
    if (this.#done) return;
    if (!this.res.headersSent) {
      const { timeoutMs } = this.limits;
      this.#refuse(this.req.complete ? timedOut(this.upstream.name, timeoutMs) : bodyStalled(timeoutMs));
      return;
    }
    this.#finish(this.res.statusCode, new Error('the answer stood still'));
    this.#outgoing?.destroy();
    this.res.destroy();
  }

  #refuse(problem: ProblemError): void {
    if (this.#done) return;
    this.#finish(problem.status, problem);
    this.#outgoing?.destroy();
    if (this.res.headersSent) this.res.destroy();
    else this.outcome.refuse(problem);
  }

  #callerLeft(): void {
    if (this.#done) return;
    this.#finish(CLIENT_CLOSED);
    this.#outgoing?.destroy();
  }

  #finish(status: number, broken?: Error): void {
    this.#done = true;
    clearTimeout(this.#timer);
    this.outcome.ended(status, broken);
  }
}

/** nginx's number for a caller that went away before the answer; metrics only. */
const CLIENT_CLOSED = 499;
