import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Samples, type Percentiles } from '../measure/percentiles';
import { serve } from '../workers/serve';
import { manualFrames, sessionFrames, type FrameKind } from './frame-kinds';
import { RawWebSocket } from './raw-web-socket';

const KINDS = { session: sessionFrames, manual: manualFrames } as const;

export interface Pairs {
  readonly group: string;
  /** One address each for the robots and their drivers, in the same order. */
  readonly robots: readonly string[];
  readonly drivers: readonly string[];
  readonly frames: keyof typeof KINDS;
  /**
   * `even`: the generator never rests, so that each frame leaves at its own moment; it takes a core. `bunched`: all that are
   * due each millisecond, one behind the other.
   */
  readonly pace: 'even' | 'bunched';
}

export interface DriveRound {
  readonly group: string;
  readonly hz: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface DriveResult {
  readonly latency: Percentiles;
  readonly sent: number;
  readonly received: number;
  /** Longest time the generator itself stood still: above a few milliseconds the figures say little. */
  readonly generatorLateMs: number;
}

const STRAGGLERS_MS = 3_000;

class Group {
  readonly latency = new Samples();
  readonly drivers: RawWebSocket[] = [];
  received = 0;
  /** Frames that were sent before this moment do not count. */
  countFrom = Infinity;
  lost: string | undefined;

  constructor(
    private readonly kind: FrameKind,
    readonly pace: Pairs['pace'],
  ) {}

  async connect({ robots, drivers }: Pairs): Promise<void> {
    await Promise.all(robots.map((url) => this.open(url, (data) => this.arrived(data))));
    for (const url of drivers) this.drivers.push(await this.open(url, () => undefined));
  }

  /** Whether the frame counts. */
  send(driver: number): boolean {
    const now = performance.now();
    this.drivers[driver]?.send(this.kind.frame(now));
    return now >= this.countFrom;
  }

  private open(url: string, text: (payload: Buffer) => void): Promise<RawWebSocket> {
    return new Promise((resolve, reject) => {
      const socket: RawWebSocket = new RawWebSocket(new URL(url), {
        open: () => resolve(socket),
        text,
        lost: (reason) => {
          this.lost ??= `${url.split('?')[0]}: ${reason}`;
          reject(new Error(this.lost));
        },
      });
    });
  }

  private arrived(data: Buffer): void {
    if (this.countFrom === Infinity) return;
    // Lease and stop frames of the gateway's own are not the driver's.
    const sentAt = this.kind.sentAt(data);
    if (sentAt === undefined || sentAt < this.countFrom) return;
    this.received += 1;
    this.latency.add(performance.now() - sentAt);
  }
}

const groups = new Map<string, Group>();

/** Each driver at his rate, spread over time: all at once they would wait for each other. */
async function run({ group: name, hz, warmUpMs, measureMs }: DriveRound): Promise<DriveResult> {
  const group = groups.get(name);
  if (group === undefined) throw new Error(`no group ${name}`);
  if (group.lost !== undefined) throw new Error(group.lost);
  group.latency.clear();
  group.received = 0;
  const perMs = (group.drivers.length * hz) / 1_000;
  const begin = performance.now();
  const measureFrom = begin + warmUpMs;
  const end = measureFrom + measureMs;
  group.countFrom = measureFrom;
  let [frames, sent, generatorLateMs, last] = [0, 0, 0, begin];
  for (let now = begin; now < end; now = performance.now()) {
    if (now > measureFrom) generatorLateMs = Math.max(generatorLateMs, now - last);
    last = now;
    for (const due = Math.floor((now - begin) * perMs); frames < due; frames += 1) {
      if (group.send(frames % group.drivers.length)) sent += 1;
    }
    await (group.pace === 'even' ? turn() : sleep(1));
  }
  // The last are still on their way; on a busy machine for long.
  for (const until = end + STRAGGLERS_MS; group.received < sent && performance.now() < until;)
    await sleep(20);
  group.countFrom = Infinity;
  return { latency: group.latency.summary(), sent, received: group.received, generatorLateMs };
}

serve({
  connect: async (pairs: Pairs) => {
    const group = new Group(KINDS[pairs.frames](), pairs.pace);
    await group.connect(pairs);
    groups.set(pairs.group, group);
    return null;
  },
  run,
});
