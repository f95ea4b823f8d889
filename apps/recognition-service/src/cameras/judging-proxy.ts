import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { HOP_BY_HOP } from '@teleop/service-kit';
import type { AllowList } from '../network/address-rules';
import { pinnedLookup } from '../network/pinned-lookup';
import { HostRefused, resolveHost } from '../network/resolve-host';

/** Told to ffmpeg of a host that may not be connected to; no camera answers so by itself. */
export const REFUSED_STATUS = 451;

/**
 * The way by which ffmpeg gets at HTTP: whatever a camera makes it ask for (another address by a redirect, the pieces of a
 * playlist, keys), each host is judged here and connected to at the address that was judged.
 */
export class JudgingProxy {
  #listening: Promise<string> | undefined;
  readonly #server = http.createServer((request, response) => {
    this.forward(request, response).catch((error: unknown) => refuse(response, error));
  });

  constructor(private readonly allowed: AllowList) {
    this.#server.on('connect', (request: IncomingMessage, socket: Duplex) => {
      this.tunnel(request, socket).catch((error: unknown) => {
        socket.end(`HTTP/1.1 ${statusOf(error)} Refused\r\nConnection: close\r\n\r\n`);
      });
    });
  }

  /** Where it is, from this machine alone: `http://127.0.0.1:<port>`. */
  url(): Promise<string> {
    this.#listening ??= this.listen();
    return this.#listening;
  }

  async close(): Promise<void> {
    if (this.#listening === undefined) return;
    await this.#listening;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  private async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  private async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '');
    if (url.protocol !== 'http:') throw new HostRefused('only http is forwarded');
    const address = await resolveHost(url.hostname, this.allowed);
    const outgoing = http.request(url, {
      method: request.method,
      headers: passedOn(request.headers),
      lookup: pinnedLookup(address),
      agent: false,
      // Cameras are not strict about headers, and neither is ffmpeg.
      insecureHTTPParser: true,
    });
    response.once('close', () => outgoing.destroy());
    request.pipe(outgoing);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    response.writeHead(incoming.statusCode ?? 502, passedOn(incoming.headers));
    pipeline(incoming, response, () => outgoing.destroy());
  }

  /** Of encrypted streams only the host can be seen. */
  private async tunnel(request: IncomingMessage, client: Duplex): Promise<void> {
    client.on('error', () => client.destroy());
    const target = new URL(`https://${request.url ?? ''}`);
    const host = await resolveHost(target.hostname, this.allowed);
    const upstream = net.connect({ host, port: Number(target.port || 443) });
    client.once('close', () => upstream.destroy());
    await once(upstream, 'connect');
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    pipeline(client, upstream, client, () => undefined);
  }
}

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

const statusOf = (error: unknown): number =>
  error instanceof HostRefused || error instanceof TypeError ? REFUSED_STATUS : 502;

/** Its words are our own business; a camera that went away in the middle is one that ends. */
function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(statusOf(error), { connection: 'close' }).end();
}
