import { setTimeout as sleep } from 'node:timers/promises';
import { robotIdOf } from '../data/people';
import { robotKeyOf, telemetryOf } from '../data/table-robots';
import { Samples } from '../measure/percentiles';
import { serve } from '../workers/serve';
import { openConnections, type HttpConnection } from './http-connection';
import type { TelemetryResult } from './telemetry-result';

export interface TelemetryLoad {
  readonly origin: string;
  /** Each on a keep-alive connection of its own. */
  readonly robots: number;
}

export interface ClosedRound {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** A robot with its connection. What it says is written before it is timed. */
class Talker {
  readonly #head: string;
  readonly #bodies: readonly string[];
  #turn: number;
  busy = false;

  constructor(
    private readonly connection: HttpConnection,
    number: number,
  ) {
    this.#head = `X-Robot-Id: ${robotIdOf(number)}\r\nX-Api-Key: ${robotKeyOf(number)}\r\n`;
    this.#bodies = Array.from({ length: 100 }, (_, turn) => telemetryOf(number, turn));
    this.#turn = number;
  }

  /** Undefined when it was taken, else what was answered. */
  async tell(): Promise<string | undefined> {
    this.busy = true;
    this.#turn += 1;
    const body = this.#bodies[this.#turn % this.#bodies.length];
    const answer = await this.connection.send('POST', '/table/state', this.#head, body);
    this.busy = false;
    return answer.status === 200 ? undefined : `${answer.status} ${answer.body.slice(0, 200)}`;
  }

  close(): void {
    this.connection.close();
  }
}

class Measured {
  readonly latency = new Samples();
  failures = 0;
  firstFailure: string | undefined;
  generatorLateMs = 0;
  begunAt = performance.now();

  async one(robot: Talker, due: number): Promise<void> {
    const refused = await robot.tell().catch((error: unknown) => String(error));
    if (refused === undefined) {
      if (due >= this.begunAt) this.latency.add(performance.now() - due);
      return;
    }
    this.failures += 1;
    this.firstFailure ??= refused;
  }

  result(forMs: number): TelemetryResult {
    const { failures, firstFailure, generatorLateMs } = this;
    const perSecond = this.latency.count / (forMs / 1_000);
    return { perSecond, latency: this.latency.summary(), failures, firstFailure, generatorLateMs };
  }
}

let robots: Talker[] = [];
let steady: { readonly measured: Measured; stopped: boolean; done: Promise<void> } | undefined;

/** Every robot speaks again as soon as it is answered. */
async function closed({ warmUpMs, measureMs }: ClosedRound): Promise<TelemetryResult> {
  const measured = new Measured();
  measured.begunAt = performance.now() + warmUpMs;
  const end = measured.begunAt + measureMs;
  await Promise.all(
    robots.map(async (robot) => {
      for (let now = performance.now(); now < end && measured.failures === 0; now = performance.now())
        await measured.one(robot, now);
    }),
  );
  return measured.result(measureMs);
}

/** Every robot once a second, spread evenly, until `stop`; timed from when each was due. */
async function paced(measured: Measured, going: () => boolean): Promise<void> {
  const begin = performance.now();
  let [scheduled, last] = [0, begin];
  while (going()) {
    const now = performance.now();
    measured.generatorLateMs = Math.max(measured.generatorLateMs, now - last - 1);
    last = now;
    for (const due = Math.floor(((now - begin) / 1_000) * robots.length); scheduled < due; scheduled += 1) {
      const robot = robots[scheduled % robots.length];
      if (robot?.busy === false) void measured.one(robot, now);
      else {
        measured.failures += 1;
        measured.firstFailure ??= 'a robot was not answered for a second';
      }
    }
    await sleep(1);
  }
}

serve({
  connect: async ({ origin, robots: count }: TelemetryLoad) => {
    for (const robot of robots) robot.close();
    const connections = await openConnections(origin, count);
    robots = connections.map((connection, number) => new Talker(connection, number));
    return null;
  },
  closed,
  start: () => {
    const begun = { measured: new Measured(), stopped: false, done: Promise.resolve() };
    begun.done = paced(begun.measured, () => !begun.stopped);
    steady = begun;
    return null;
  },
  stop: async (): Promise<TelemetryResult> => {
    if (steady === undefined) throw new Error('nothing was started');
    steady.stopped = true;
    await steady.done;
    await sleep(200);
    return steady.measured.result(performance.now() - steady.measured.begunAt);
  },
});
