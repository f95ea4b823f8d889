import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

// Each probe is a look at PostgreSQL, NATS and Redis, and there are many replicas.
const PROBE_EVERY_MS = 200;
// As in the chart; the gateway waits a second for a service that does not answer.
const PROBE_TIMEOUT_MS = 3_000;
/** So many bad probes in a row make a replica one that is not ready, as a cluster has it. */
const BAD_PROBES = 3;

/**
 * What a cluster puts in front of a service's replicas: new connections go in turn to those whose /readyz is fine, and stay
 * where they are until one side closes them.
 */
export class Balancer {
  readonly #targets = new Map<string, boolean>();
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((near) => this.#join(near));
  readonly #leaving = new Set<string>();
  readonly #bad = new Map<string, number>();
  #turn = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  static async start(): Promise<Balancer> {
    const balancer = new Balancer();
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    balancer.#probe();
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Gets connections as soon as it is ready. */
  add(url: string): void {
    this.#leaving.delete(url);
    this.#targets.set(url, false);
  }

  /** Gets no new ones from now on, until it is added again: a cluster knows whom it told to stop. */
  leave(url: string): void {
    this.#leaving.add(url);
    this.#targets.set(url, false);
  }

  ready(url: string): boolean {
    return this.#targets.get(url) === true;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #probe(): void {
    const looks = [...this.#targets.keys()].map(async (url) => {
      const state = await readiness(url);
      if (state !== 'bad') this.#bad.delete(url);
      else if (this.#badAgain(url) < BAD_PROBES) return;
      if (!this.#leaving.has(url)) this.#targets.set(url, state === 'ready');
    });
    void Promise.allSettled(looks).then(() => {
      if (!this.#stopped) this.#timer = setTimeout(() => this.#probe(), PROBE_EVERY_MS);
    });
  }

  #badAgain(url: string): number {
    const times = (this.#bad.get(url) ?? 0) + 1;
    this.#bad.set(url, times);
    return times;
  }

  #join(near: Socket): void {
    this.#track(near);
    const ready = [...this.#targets].filter(([, fine]) => fine).map(([url]) => url);
    const target = ready[(this.#turn += 1) % ready.length];
    if (target === undefined) {
      near.destroy();
      return;
    }
    const far = this.#track(connect(Number(new URL(target).port), '127.0.0.1'));
    // Half-closed is passed on as such: the last bytes of an answer may still be on their way.
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }

  #track(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // Whatever broke, 'close' follows and ends the other half.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    return socket;
  }
}

/** One that stops is left out at once: a cluster knows that it told it to. */
async function readiness(url: string): Promise<'ready' | 'bad' | 'leaving'> {
  try {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const answer = await fetch(`${url}/readyz`, { headers: { connection: 'close' }, signal });
    const { checks } = (await answer.json()) as { checks?: Record<string, unknown> };
    if (answer.status === 200) return 'ready';
    return checks?.['shutdown'] === undefined ? 'bad' : 'leaving';
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'bad' : 'leaving';
  }
}
