import http from 'node:http';
import https from 'node:https';

export interface HttpClientOptions {
  /** `http(s)://host:port[/prefix]`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: http.Agent | https.Agent;
  readonly timeoutMs: number;
}

/** Posts JSON to the gateway over connections that are kept; robots of one process share the agent, and so the connections. */
export class HttpClient {
  readonly #target: URL;
  readonly #open = new Map<http.ClientRequest, number>();

  constructor(private readonly options: HttpClientOptions) {
    this.#target = new URL(options.url);
  }

  /** The status; rejects when there was no whole answer. */
  post(path: string, body: object, now: number): Promise<number> {
    const text = JSON.stringify(body);
    const { protocol, hostname, port, pathname } = this.#target;
    const { request } = protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const sent = request({
        method: 'POST',
        hostname,
        port,
        path: `${pathname.replace(/\/$/, '')}${path}`,
        agent: this.options.agent,
        headers: {
          ...this.options.headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        },
      });
      this.#open.set(sent, now);
      sent.once('close', () => {
        this.#open.delete(sent);
        reject(new Error('closed without an answer'));
      });
      sent.once('error', reject);
      sent.once('response', (response) => {
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', reject);
        response.resume();
      });
      sent.end(text);
    });
  }

  /** Ends requests that have waited too long: called on the tick, so that no request needs a timer of its own. */
  tick(now: number): void {
    for (const [request, since] of this.#open)
      if (now - since >= this.options.timeoutMs) request.destroy(new Error('no answer in time'));
  }

  close(): void {
    for (const request of this.#open.keys()) request.destroy();
  }
}

export function keepAliveAgent(url: string, maxSockets: number): http.Agent | https.Agent {
  const options = { keepAlive: true, maxSockets };
  return new URL(url).protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
}
