import { hashCodeOf, robotIdOf, userIdOf } from '../data/people';
import { Samples, type Percentiles } from '../measure/percentiles';
import { serve } from '../workers/serve';
import { openConnections, type HttpConnection } from './http-connection';

export interface QueueLoad {
  readonly origin: string;
  readonly connections: number;
  /** Each connection's own users, used in turn. */
  readonly usersEach: number;
  readonly robots: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface QueueLoadResult {
  /** Joins and leaves answered with 200 per second. */
  readonly perSecond: number;
  readonly latency: Percentiles;
  /** What was answered otherwise: none, when all is well. */
  readonly otherAnswers: Record<string, number>;
}

/** A small linear congruential generator: the same robots in the same order for ours and the floor. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

class Measured {
  readonly latency = new Samples();
  readonly otherAnswers: Record<string, number> = {};
  done = 0;
  measuring = false;

  async time(path: string, connection: HttpConnection, bearer: string, body: string): Promise<void> {
    const before = performance.now();
    const { status, body: text } = await connection.send('POST', path, bearer, body);
    if (!this.measuring) return;
    this.latency.add(performance.now() - before);
    if (status === 200) {
      this.done += 1;
      return;
    }
    const key = `${path} ${status} ${text.slice(0, 200)}`;
    this.otherAnswers[key] = (this.otherAnswers[key] ?? 0) + 1;
  }
}

async function drive(
  load: QueueLoad,
  index: number,
  connection: HttpConnection,
  measured: Measured,
  end: number,
) {
  const random = numbers(index + 1);
  for (let turn = 0; performance.now() < end; turn += 1) {
    const user = index * load.usersEach + (turn % load.usersEach);
    const body = JSON.stringify({ userId: userIdOf(user), robotId: robotIdOf(random(load.robots)) });
    const bearer = `Authorization: Bearer ${hashCodeOf(user)}\r\n`;
    await measured.time('/queue/join', connection, bearer, body);
    await measured.time('/queue/leave', connection, bearer, body);
  }
}

async function run(load: QueueLoad): Promise<QueueLoadResult> {
  const connections = await openConnections(load.origin, load.connections);
  const measured = new Measured();
  const begin = performance.now() + load.warmUpMs;
  const end = begin + load.measureMs;
  const begun = setTimeout(() => (measured.measuring = true), load.warmUpMs);
  try {
    await Promise.all(connections.map((connection, index) => drive(load, index, connection, measured, end)));
  } finally {
    clearTimeout(begun);
    for (const connection of connections) connection.close();
  }
  return {
    perSecond: measured.done / ((performance.now() - begin) / 1_000),
    latency: measured.latency.summary(),
    otherAnswers: measured.otherAnswers,
  };
}

serve({ run });
