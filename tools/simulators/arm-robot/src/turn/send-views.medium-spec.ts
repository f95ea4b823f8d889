import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendViews } from './send-views';

type Said = readonly [status: number, headers?: Record<string, string>];

const JUDGED = { status: 'success', success_count: 1, reward_points: 100, evaluation_id: 'e' };

/** Sends to a server that answers as it is told, in that order. */
async function send(...answers: Said[]) {
  const askedAt: number[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const [status, headers = {}] = answers[askedAt.length]!;
    askedAt.push(performance.now());
    response.writeHead(status, headers).end(JSON.stringify(JUDGED));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const turn = { robotId: 'arm1', controlToken: 't', views: {} };
  const signal = new AbortController().signal;
  const judged = await sendViews(turn, { url, internalToken: 'internal' }, signal, () => undefined);
  server.closeAllConnections();
  server.close();
  return { judged, asked: askedAt.length, apart: (askedAt[1] ?? 0) - (askedAt[0] ?? 0) };
}

describe('frames that are not taken', () => {
  it.each([408, 429, 500, 503])('are sent again after %i', async (status) => {
    expect(await send([status], [200])).toMatchObject({ judged: JUDGED, asked: 2 });
  });

  it('are sent again no sooner than they are asked for', async () => {
    const { judged, apart } = await send([429, { 'retry-after': '1' }], [200]);
    expect(judged).toEqual(JUDGED);
    expect(apart).toBeGreaterThanOrEqual(1_000);
  });

  it.each([400, 401, 413])('are given up after %i', async (status) => {
    expect(await send([status], [200])).toMatchObject({ judged: undefined, asked: 1 });
  });
});
