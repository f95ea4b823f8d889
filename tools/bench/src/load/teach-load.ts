import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { teachSampleFeed, wildcardSubject } from '@teleop/contracts';
import { robotIdOf } from '../data/people';
import { teachStateOf } from '../data/teach-sessions';
import { Samples, type Percentiles } from '../measure/percentiles';
import { serve } from '../workers/serve';

/** Each side has one of its own, of the same messages: what is fetched ahead by one must not be missed by the other. */
const TEACH_STREAMS = {
  ours: { stream: 'TEACH_STATE', subject: 'robots.teach.state' },
  floor: { stream: 'BENCH_STATE', subject: 'bench.teach.state' },
} as const;
export type TeachSide = keyof typeof TEACH_STREAMS;
const PERIOD_MS = 20;
const LOOK_MS = 10;

export interface TeachBacklog {
  readonly natsUrl: string;
  readonly side: TeachSide;
  readonly robots: number;
  readonly samples: number;
}

export interface TeachDrain {
  readonly side: TeachSide;
  readonly durable: string;
}

export interface TeachLive {
  readonly natsUrl: string;
  readonly robots: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface TeachLiveResult {
  readonly said: number;
  readonly stored: number;
  /** From the moment a robot says it until it is told live, after its commit; of those after the warm-up. */
  readonly lag: Percentiles;
}

let nc: NatsConnection;
let js: JetStreamClient;

async function open(natsUrl: string): Promise<void> {
  nc ??= await connect({ servers: natsUrl });
  js = jetstream(nc);
}

/** Fills the stream, which nobody reads meanwhile. */
async function backlog({ natsUrl, side, robots, samples }: TeachBacklog): Promise<void> {
  await open(natsUrl);
  const { stream, subject } = TEACH_STREAMS[side];
  const manager = await jetstreamManager(nc);
  await manager.streams.purge(stream);
  const at = new Date().toISOString();
  for (let from = 0; from < samples; from += 1_000) {
    const published = Array.from({ length: Math.min(1_000, samples - from) }, (_, index) => {
      const number = (from + index) % robots;
      const body = teachStateOf(number, from + index, randomUUID(), at);
      return js.publish(`${subject}.${robotIdOf(number)}`, body);
    });
    await Promise.all(published);
  }
}

/** Milliseconds from now until the last message is acknowledged. */
async function drained({ side, durable }: TeachDrain): Promise<number> {
  const manager = await jetstreamManager(nc);
  const begunAt = performance.now();
  for (;;) {
    const info = await manager.consumers.info(TEACH_STREAMS[side].stream, durable).catch(() => undefined);
    if (info?.num_pending === 0 && info.num_ack_pending === 0 && info.delivered.consumer_seq > 0)
      return performance.now() - begunAt;
    await sleep(LOOK_MS);
  }
}

/** Robots that say something 50 times a second, and what is told live of it. */
async function live({ natsUrl, robots, warmUpMs, measureMs }: TeachLive): Promise<TeachLiveResult> {
  await open(natsUrl);
  const lag = new Samples();
  let stored = 0;
  const begunAt = Date.now();
  const heard = nc.subscribe(wildcardSubject(teachSampleFeed.subject), {
    callback: (_, message) => {
      stored += 1;
      const { payload } = message.json<{ payload: { ts: string } }>();
      const at = Date.parse(payload.ts);
      if (at >= begunAt + warmUpMs) lag.add(Date.now() - at);
    },
  });
  let said = 0;
  const published: Promise<unknown>[] = [];
  const until = performance.now() + warmUpMs + measureMs;
  for (let due = performance.now(); due < until; due += PERIOD_MS) {
    await sleep(Math.max(0, due - performance.now()));
    for (let number = 0; number < robots; number += 1) {
      const at = new Date().toISOString();
      const state = teachStateOf(number, said, randomUUID(), at).replace(
        '"payload":{',
        `"payload":{"ts":"${at}",`,
      );
      published.push(js.publish(`robots.teach.state.${robotIdOf(number)}`, state));
      said += 1;
    }
  }
  await Promise.all(published);
  for (let left = 200; stored < said && left > 0; left -= 1) await sleep(50);
  heard.unsubscribe();
  return { said, stored, lag: lag.summary() };
}

serve({ backlog, drained, live });
