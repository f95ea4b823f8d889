import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const PROBE_EVERY_MS = 50;
const PROBE_TIMEOUT_MS = 1_000;
/** So many probes in a row without an answer in time make a replica one that is not ready. */
const LATE_PROBES = 3;

/**
 * What a cluster puts in front of a service's replicas: new connections go in turn to those whose /readyz is fine, and stay
 * where they are until one side closes them.
 */
export class Balancer {
  readonly #targets = new Map<string, boolean>();
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((near) => this.#join(near));
  readonly #late = new Map<string, number>();
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

  add(url: string): void {
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
      const status = await readiness(url);
      // Only slow to answer, for once: that says nothing yet.
      if (status !== 'late') this.#late.delete(url);
      else if (this.#lateAgain(url) < LATE_PROBES) return;
      this.#targets.set(url, status === 200);
    });
    void Promise.allSettled(looks).then(() => {
      if (!this.#stopped) this.#timer = setTimeout(() => this.#probe(), PROBE_EVERY_MS);
    });
  }

  #lateAgain(url: string): number {
    const times = (this.#late.get(url) ?? 0) + 1;
    this.#late.set(url, times);
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

async function readiness(url: string): Promise<number | 'late' | 'gone'> {
  try {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const answer = await fetch(`${url}/readyz`, { headers: { connection: 'close' }, signal });
    await answer.arrayBuffer();
    return answer.status;
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'late' : 'gone';
  }
}
