import http, { type IncomingMessage } from 'node:http';
import { startGateway, type TestGateway } from './gateway.spec-support';
import { fakeUpstream, readAll } from './upstream.spec-support';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

interface Closes {
  close(): Promise<void>;
}

/** What a test opened; `closeAll` belongs into its afterEach. */
export class Opened {
  readonly #open: Closes[] = [];

  add(...opened: Closes[]): void {
    this.#open.push(...opened);
  }

  async closeAll(): Promise<void> {
    for (const each of this.#open.splice(0)) await each.close();
  }

  /** A gateway with one service behind it, which stands for queue-service, vision-service and robot-gateway. */
  async proxied(handler?: http.RequestListener, env: Record<string, string> = {}) {
    const upstream = await fakeUpstream(handler);
    const gateway = await startGateway({
      QUEUE_SERVICE_URL: upstream.url,
      VISION_SERVICE_URL: upstream.url,
      ROBOT_GATEWAY_URL: upstream.url,
      ...env,
    });
    this.add(gateway, upstream);
    return { upstream, gateway };
  }
}

export async function send(
  gateway: TestGateway,
  path: string,
  options: http.RequestOptions & { body?: string | Buffer } = {},
): Promise<Answer> {
  const { body, ...rest } = options;
  const req = http.request(gateway.url + path, { agent: false, ...rest });
  req.end(body);
  return answerOf(req);
}

export async function answerOf(req: http.ClientRequest): Promise<Answer> {
  const res = await new Promise<IncomingMessage>((resolve, reject) =>
    req.once('response', resolve).once('error', reject),
  );
  const text = (await readAll(res)).toString('utf8');
  return {
    status: res.statusCode ?? 0,
    headers: res.headers,
    text,
    json: <T>() => JSON.parse(text) as T,
  };
}
