import type { TestUser } from '@teleop/testing';

export interface ApiAnswer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

const TIMEOUT_MS = 10_000;

/** Calls the front door as a browser would. `status` 0: no answer came, so what happened is unknown. */
export async function post(gateway: string, path: string, bearer: string, body: object): Promise<ApiAnswer> {
  try {
    const response = await fetch(`${gateway}${path}`, {
      method: 'POST',
      // No connection is used twice: on one that is being closed just then, what happens would be up to this client.
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}`, connection: 'close' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: await response.json() };
  } catch (error) {
    return { status: 0, body: String(error) };
  }
}

export function asUser(gateway: string, user: TestUser) {
  return (path: string, body: object = {}) =>
    post(gateway, path, user.hashCode, { userId: user.userId, ...body });
}

export async function get(gateway: string, path: string): Promise<ApiAnswer> {
  const response = await fetch(`${gateway}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return { status: response.status, body: await response.json() };
}
