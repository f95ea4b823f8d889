import type { IncomingMessage } from 'node:http';
import net, { type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { answerOnSocket, ProblemError, type Metrics } from '@teleop/service-kit';
import type { SocketRoute } from '../routing/route-table';
import { requestHeaders, type Caller } from './forward-headers';
import { SocketSplice } from './socket-splice';
import { failed, notConfigured, problemExtras, timedOut } from './upstream-problem';
import type { Upstream, Upstreams } from './upstreams';

const SERVICE_RESTART = 1012;

/** Passes WebSocket handshakes on, and then the bytes in both directions. What the service answers is the answer. */
export class UpgradeProxy {
  readonly #open = new Set<SocketSplice>();
  readonly #gauge;
  readonly #handshakes;
  #closing = false;

  constructor(
    private readonly upstreams: Upstreams,
    private readonly connectTimeoutMs: number,
    metrics: Metrics,
  ) {
    this.#gauge = metrics.gauge('gateway_websockets_open', 'WebSockets passed through', ['service']);
    this.#handshakes = metrics.counter(
      'gateway_websocket_handshakes_total',
      'WebSocket handshakes passed on',
      ['service', 'outcome'],
    );
  }

  pass(route: SocketRoute, req: IncomingMessage, client: Duplex, head: Buffer, caller: Caller): void {
    const refuse = (problem: ProblemError) => {
      this.#handshakes.inc({ service: route.to, outcome: problem.code });
      answerOnSocket(client, req.url, problem, problemExtras(route.to));
    };
    if (this.#closing) {
      refuse(new ProblemError(503, 'SERVICE_UNAVAILABLE', 'The gateway is restarting'));
      return;
    }
    const upstream = this.upstreams.get(route.to);
    if (upstream === undefined) {
      refuse(notConfigured(route.to));
      return;
    }
    // From here on we read the bytes ourselves; until the service is there they wait in the kernel.
    client.pause();
    const service = connect(upstream);
    const late = setTimeout(() => {
      service.destroy();
      refuse(timedOut(route.to, this.connectTimeoutMs));
    }, this.connectTimeoutMs);
    const gone = () => service.destroy();
    client.once('close', gone);
    service.once('error', (error) => {
      clearTimeout(late);
      if (!client.destroyed) refuse(failed(route.to, error));
    });
    service.once('close', () => clearTimeout(late));
    service.once(upstream.secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(late);
      client.off('close', gone);
      service.removeAllListeners('error');
      this.#splice(route, req, client, head, service, handshake(req, caller, upstream));
    });
  }

  /** Closes every WebSocket with 1012 and cuts off those that do not go within `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    for (const splice of this.#open) splice.close(SERVICE_RESTART, 'the gateway is restarting');
    const deadline = performance.now() + graceMs;
    while (this.#open.size > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const splice of this.#open) splice.terminate();
  }

  #splice(
    route: SocketRoute,
    req: IncomingMessage,
    client: Duplex,
    head: Buffer,
    service: Socket,
    request: string,
  ): void {
    const labels = { service: route.to };
    this.#gauge.inc(labels);
    for (const socket of [client as Socket, service]) {
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      socket.setTimeout(0);
    }
    const splice = new SocketSplice(client, service, {
      silent: (error) => answerOnSocket(client, req.url, failed(route.to, error), problemExtras(route.to)),
      ended: (status) => {
        this.#open.delete(splice);
        this.#gauge.dec(labels);
        this.#handshakes.inc({ ...labels, outcome: status === undefined ? 'BAD_GATEWAY' : String(status) });
      },
    });
    this.#open.add(splice);
    service.write(request, 'latin1');
    splice.start(head);
    // A handshake that had to wait for the service, while the gateway was told to stop.
    if (this.#closing) splice.close(SERVICE_RESTART, 'the gateway is restarting');
  }
}

const KEEP_ALIVE_MS = 15_000;

function connect(upstream: Upstream): Socket {
  const { host, port } = upstream;
  return upstream.secure
    ? tls.connect({
        host,
        port,
        servername: net.isIP(host) === 0 ? host : undefined,
        ALPNProtocols: ['http/1.1'],
      })
    : net.connect({ host, port, noDelay: true });
}

/** The caller's handshake as the service gets it. The values were parsed by Node, so they hold no line breaks. */
function handshake(req: IncomingMessage, caller: Caller, upstream: Upstream): string {
  const lines = [`${req.method ?? 'GET'} ${upstream.prefix}${req.url ?? '/'} HTTP/1.1`];
  const headers = requestHeaders(req, caller, upstream.authority);
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  lines.push('connection: Upgrade', `upgrade: ${req.headers.upgrade ?? 'websocket'}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
