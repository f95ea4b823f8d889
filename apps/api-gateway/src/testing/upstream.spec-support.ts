import http, { type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface FakeUpstream {
  readonly server: Server;
  readonly url: string;
  readonly port: number;
  readonly requests: IncomingMessage[];
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** A service as the gateway sees one. Answers what `handler` says; by default with the request's own head as JSON. */
export async function fakeUpstream(handler: RequestListener = echo, port = 0): Promise<FakeUpstream> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  const server = http.createServer((req, res) => {
    requests.push(req);
    handler(req, res);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (req) => requests.push(req));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    server,
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    sockets,
    close: async () => {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const echo: RequestListener = (req, res) => {
  const answer = (body: Buffer) => {
    const { method, url, headers } = req;
    const text = JSON.stringify({ method, url, headers, body: body.toString('utf8') });
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    res.end(text);
  };
  // Whoever gives its body up in the middle wants no answer.
  readAll(req).then(answer, () => res.destroy());
};
