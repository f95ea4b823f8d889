import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@teleop/testing';
import { sendParts } from './send-parts';

const MB = 1024 * 1024;

async function serverOf(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/x`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('a body in parts', () => {
  it('arrives whole and in order, with its length, and the answer comes back with its headers', async () => {
    const parts = [Buffer.from('{"a":"'), Buffer.alloc(3 * MB, 'x'), Buffer.from('é"}')];
    let got: { headers: IncomingMessage['headers']; body: Buffer } | undefined;
    const server = await serverOf((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        got = { headers: request.headers, body: Buffer.concat(chunks) };
        response.writeHead(429, { 'retry-after': '7', 'x-several': ['a', 'b'] });
        response.end('{"error":1}');
      });
    });
    try {
      const headers = new Headers({ authorization: 'Bearer k' });
      const answer = await sendParts(server.url, { headers }, parts);
      expect(got!.body.equals(Buffer.concat(parts))).toBe(true);
      expect(got!.headers).toMatchObject({
        authorization: 'Bearer k',
        'content-length': String(Buffer.concat(parts).length),
      });
      expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('x-several')]).toEqual([
        429,
        '7',
        'a, b',
      ]);
      expect(await answer.json()).toEqual({ error: 1 });
      expect(await answer.text()).toBe('{"error":1}');
    } finally {
      server.close();
    }
  });

  it('need not be taken whole before it is answered', async () => {
    const server = await serverOf((_request, response) => {
      response.writeHead(413, { 'content-type': 'text/plain' });
      response.end('too much');
    });
    try {
      const answer = await sendParts(server.url, {}, [Buffer.alloc(64 * MB)]);
      expect([answer.status, await answer.text()]).toEqual([413, 'too much']);
    } finally {
      server.close();
    }
  });

  it('fails when it is given up, when the server goes away, and when the answer is cut off', async () => {
    let mode: 'read' | 'cut' = 'read';
    let taken = 0;
    const server = await serverOf((request, response) => {
      taken += 1;
      request.resume();
      if (mode === 'read') return;
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":');
      setImmediate(() => response.destroy());
    });
    try {
      const over = new AbortController();
      const givenUp = sendParts(server.url, { signal: over.signal }, [Buffer.from('{}')]);
      await waitFor('it to be taken', () => taken === 1);
      over.abort();
      await expect(givenUp).rejects.toMatchObject({ name: 'AbortError' });
      mode = 'cut';
      await expect(sendParts(server.url, {}, [Buffer.from('{}')])).rejects.toThrow('aborted');
    } finally {
      server.close();
    }
    await expect(sendParts(server.url, {}, [Buffer.from('{}')])).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});
