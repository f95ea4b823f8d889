import { serve } from '../workers/serve';
import { monotonicMs } from './monotonic';
import { RawWebSocket } from './raw-web-socket';

export interface Watchers {
  readonly group: string;
  readonly url: string;
  readonly count: number;
  /** What a Socket.IO client says when it connects; undefined: plain WebSockets. */
  readonly auth?: object;
}

export interface Seen {
  /** Monotonic milliseconds at which the first and the last watcher of the group had the version. */
  readonly first: number;
  readonly last: number;
}

const VERSION_MARK = '"version":';
const CONNECTING_AT_ONCE = 100;
const SEEN_TIMEOUT_MS = 30_000;
const PING = '2';

class Group {
  readonly #sockets: RawWebSocket[] = [];
  #missing = 0;
  #version = -1;
  #first = 0;
  #seen: ((seen: Seen) => void) | undefined;
  #lost: string | undefined;

  constructor(private readonly watchers: Watchers) {}

  async connect(): Promise<void> {
    const { count } = this.watchers;
    for (let done = 0; done < count; done += CONNECTING_AT_ONCE) {
      const batch = Math.min(CONNECTING_AT_ONCE, count - done);
      await Promise.all(Array.from({ length: batch }, () => this.one()));
    }
  }

  /** Resolves when every watcher has a state of this version. */
  expect(version: number): Promise<Seen> {
    if (this.#lost !== undefined) throw new Error(`a watcher was lost: ${this.#lost}`);
    this.#version = version;
    this.#missing = this.#sockets.length;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(new Error(`${this.#missing} watchers never saw version ${version}; lost: ${this.#lost}`)),
        SEEN_TIMEOUT_MS,
      );
      this.#seen = (seen) => {
        clearTimeout(timer);
        resolve(seen);
      };
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }

  private one(): Promise<void> {
    const { auth, url } = this.watchers;
    return new Promise((resolve, reject) => {
      const socket = new RawWebSocket(new URL(url), {
        open: () => auth === undefined && resolve(),
        text: (payload) => {
          // Engine.IO speaks before the state does: "0…" open, "2" ping, "40…" connected, "44…" refused, "42…" event.
          if (auth !== undefined && payload.length < 200) {
            const text = payload.toString('latin1');
            if (text === PING) return socket.send('3');
            if (text.startsWith('0')) return socket.send(`40${JSON.stringify(auth)}`);
            if (text.startsWith('44')) return reject(new Error(`refused: ${text}`));
            if (text.startsWith('42["connection_success"')) return resolve();
          }
          this.look(payload);
        },
        lost: (reason) => {
          this.#lost ??= reason;
          reject(new Error(`lost: ${reason}`));
        },
      });
      this.#sockets.push(socket);
    });
  }

  private look(payload: Buffer): void {
    if (this.#missing === 0) return;
    const mark = payload.indexOf(VERSION_MARK);
    if (mark < 0) return;
    const start = mark + VERSION_MARK.length;
    if (Number.parseInt(payload.toString('latin1', start, start + 16), 10) !== this.#version) return;
    const now = monotonicMs();
    if (this.#missing === this.#sockets.length) this.#first = now;
    this.#missing -= 1;
    if (this.#missing === 0) this.#seen?.({ first: this.#first, last: now });
  }
}

const groups = new Map<string, Group>();

function groupOf(name: string): Group {
  const group = groups.get(name);
  if (group === undefined) throw new Error(`no group ${name}`);
  return group;
}

serve({
  connect: async (watchers: Watchers) => {
    const group = new Group(watchers);
    groups.set(watchers.group, group);
    await group.connect();
    return null;
  },
  expect: ({ group, version }: { group: string; version: number }) => groupOf(group).expect(version),
  close: ({ group }: { group: string }) => {
    groupOf(group).close();
    groups.delete(group);
    return null;
  },
});
