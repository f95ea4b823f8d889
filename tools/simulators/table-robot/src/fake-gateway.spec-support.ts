import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface Post {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came over the wire. */
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export interface Peer {
  readonly socket: WebSocket;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly frames: Record<string, unknown>[];
}

/** A gateway that takes everything down and does nothing. */
export class FakeGateway {
  readonly posts: Post[] = [];
  readonly peers: Peer[] = [];
  /** The status of an answer; `null` hangs up without one. */
  answer: (post: Post) => number | null = () => 200;
  readonly #http = createServer((request, response) => {
    void this.read(request).then((post) => {
      this.posts.push(post);
      const status = this.answer(post);
      if (status === null) return request.socket.destroy();
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"status":"success"}');
      return undefined;
    });
  });
  readonly #ws = new WebSocketServer({ server: this.#http });

  async start(port = 0): Promise<this> {
    this.#ws.on('connection', (socket, request) => {
      const peer: Peer = { socket, url: request.url ?? '', headers: request.headers, frames: [] };
      socket.on('message', (data: Buffer) => peer.frames.push(JSON.parse(data.toString())));
      this.peers.push(peer);
    });
    this.#http.listen(port, '127.0.0.1');
    await once(this.#http, 'listening');
    return this;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  to(path: string): Post[] {
    return this.posts.filter((post) => post.path === path);
  }

  /** The newest telemetry, or none yet. */
  get state(): Record<string, unknown> {
    return this.to('/table/state').at(-1)?.body ?? {};
  }

  get events(): Record<string, unknown>[] {
    return this.to('/table/event').map(({ body }) => body);
  }

  /** Sends a command to the robot that connected last. */
  send(frame: object): void {
    this.peers.at(-1)!.socket.send(JSON.stringify(frame));
  }

  async stop(): Promise<void> {
    for (const { socket } of this.peers) socket.terminate();
    this.#ws.close();
    this.#http.close();
    this.#http.closeAllConnections();
    await once(this.#http, 'close');
  }

  private async read(request: IncomingMessage): Promise<Post> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    return { path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) };
  }
}
