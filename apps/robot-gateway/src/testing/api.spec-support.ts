import { createHmac, randomUUID } from 'node:crypto';
import type { Gateway } from './gateway.spec-support';

type Headers = Record<string, string>;

export interface ApiAnswer {
  readonly status: number;
  // Bodies are looked at by the tests, which say what they expect.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
  readonly headers: globalThis.Headers;
}

export interface ApiUser {
  readonly userId: string;
  readonly name: string;
  readonly headers: { readonly authorization: string };
}

/** A user with a JWT as the front end's. */
export function apiUser(
  role: string,
  name = role,
  secret = 'dev-jwt-secret',
  userId: string = randomUUID(),
): ApiUser {
  const claims = { sub: userId, name, role, exp: Math.floor(Date.now() / 1_000) + 3_600 };
  const [head, body] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signed = `${head}.${body}`;
  const signature = createHmac('sha256', secret).update(signed).digest('base64url');
  return { userId, name, headers: { authorization: `Bearer ${signed}.${signature}` } };
}

/** The gateway over HTTP, as its users and robots call it. */
export function apiOf(gateway: Pick<Gateway, 'replicas'>) {
  async function call(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Headers; replica?: number } = {},
  ): Promise<ApiAnswer> {
    const { body, headers = {}, replica = 0 } = options;
    const response = await fetch(`${gateway.replicas[replica]!.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
      headers: response.headers,
    };
  }
  const robotHeaders = (robotId: string | undefined, key: string): Headers => ({
    'x-api-key': key,
    ...(robotId !== undefined && { 'x-robot-id': robotId }),
  });
  return {
    call,
    get: (path: string, user?: ApiUser, replica = 0) =>
      call('GET', path, { headers: { ...user?.headers }, replica }),
    post: (path: string, user: ApiUser | undefined, body?: unknown, replica = 0) =>
      call('POST', path, { body, headers: { ...user?.headers }, replica }),
    patch: (path: string, user: ApiUser | undefined, body?: unknown, replica = 0) =>
      call('PATCH', path, { body, headers: { ...user?.headers }, replica }),
    delete: (path: string, user: ApiUser | undefined, replica = 0) =>
      call('DELETE', path, { headers: { ...user?.headers }, replica }),
    /** As a robot does: its key, and its name unless it is the default one. */
    asRobot: (
      path: string,
      body: unknown,
      { robotId, key }: { robotId?: string; key: string },
      replica = 0,
    ) => call('POST', path, { body, headers: robotHeaders(robotId, key), replica }),
    metric: async (name: string, replica = 0): Promise<number> => {
      const text = await (await fetch(`${gateway.replicas[replica]!.url}/metrics`)).text();
      const line = text.split('\n').find((found) => found.startsWith(name));
      return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ') + 1));
    },
  };
}

export type Api = ReturnType<typeof apiOf>;
