import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket, type RawData } from 'ws';
import { Samples, type Percentiles } from '../measure/percentiles';
import { serve } from '../workers/serve';

export interface Pairs {
  readonly group: string;
  /** One address each for the robots and their drivers, in the same order. */
  readonly robots: readonly string[];
  readonly drivers: readonly string[];
  readonly robotHeaders: Record<string, string>;
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
}

// A drive frame as the arms get it; the time it was sent stands first, so that reading it costs nothing.
const BODY =
  ',"type":"DRIVE_COMMAND","linear":0.42,"angular":-0.17,"joints":[0.1,0.2,0.3,0.4,0.5,0.6],"gripper":0.5}';
const TIME_FROM = '{"t":'.length;
const TIME_LENGTH = 14;
const MARK = '{"t":'.charCodeAt(1);

class Group {
  readonly latency = new Samples();
  readonly drivers: WebSocket[] = [];
  received = 0;
  measuring = false;
  lost: string | undefined;

  async connect({ robots, drivers, robotHeaders }: Pairs): Promise<void> {
    await Promise.all(robots.map((url) => this.open(url, robotHeaders, (data) => this.arrived(data))));
    for (const url of drivers) this.drivers.push(await this.open(url, {}, () => undefined));
  }

  private open(
    url: string,
    headers: Record<string, string>,
    message: (data: Buffer) => void,
  ): Promise<WebSocket> {
    const socket = new WebSocket(url, { perMessageDeflate: false, headers });
    socket.on('message', (data: RawData) => message(data as Buffer));
    socket.on('close', (code) => (this.lost ??= `${url.split('?')[0]} closed with ${code}`));
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('error', reject);
    });
  }

  private arrived(data: Buffer): void {
    // Lease and stop frames of the gateway's own are not the driver's.
    if (!this.measuring || data[1] !== MARK || data[2] !== 't'.charCodeAt(0)) return;
    this.received += 1;
    this.latency.add(performance.now() - Number(data.toString('latin1', TIME_FROM, TIME_FROM + TIME_LENGTH)));
  }
}

const groups = new Map<string, Group>();

/** Each driver at his rate, spread evenly over time: in a bunch they would wait for each other. */
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
  let frames = 0;
  let sent = 0;
  for (let now = begin; now < end; now = performance.now()) {
    group.measuring = now >= measureFrom;
    for (const due = Math.floor((now - begin) * perMs); frames < due; frames += 1) {
      const time = performance.now().toFixed(6).padStart(TIME_LENGTH, ' ');
      group.drivers[frames % group.drivers.length]?.send(`{"t":${time}${BODY}`);
      if (group.measuring) sent += 1;
    }
    await sleep(1);
  }
  await sleep(200);
  group.measuring = false;
  return { latency: group.latency.summary(), sent, received: group.received };
}

serve({
  connect: async (pairs: Pairs) => {
    const group = new Group();
    await group.connect(pairs);
    groups.set(pairs.group, group);
    return null;
  },
  run,
});
