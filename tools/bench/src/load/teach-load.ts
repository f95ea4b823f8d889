import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { STREAMS, teachSampleFeed, wildcardSubject } from '@teleop/contracts';
import { robotIdOf } from '../data/people';
import { teachStateOf } from '../data/teach-sessions';
import { Samples, type Percentiles } from '../measure/percentiles';
import { serve } from '../workers/serve';

const STREAM = 'TEACH_STATE';
const PERIOD_MS = 20;
const LOOK_MS = 5;

export interface TeachBacklog {
  readonly natsUrl: string;
  readonly robots: number;
  readonly samples: number;
}

export interface TeachDrain {
  readonly durable: string;
  readonly samples: number;
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
async function backlog({ natsUrl, robots, samples }: TeachBacklog): Promise<void> {
  await open(natsUrl);
  const manager = await jetstreamManager(nc);
  await manager.streams.delete(STREAM).catch(() => undefined);
  await manager.streams.add({ name: STREAM, subjects: [...STREAMS[STREAM].subjects] });
  const at = new Date().toISOString();
  for (let from = 0; from < samples; from += 1_000) {
    const published = Array.from({ length: Math.min(1_000, samples - from) }, (_, index) => {
      const number = (from + index) % robots;
      const body = teachStateOf(number, from + index, randomUUID(), at);
      return js.publish(`robots.teach.state.${robotIdOf(number)}`, body);
    });
    await Promise.all(published);
  }
}

/** Milliseconds from the first message taken to the last one acknowledged. */
async function drained({ durable, samples }: TeachDrain): Promise<number> {
  const manager = await jetstreamManager(nc);
  let begunAt: number | undefined;
  for (;;) {
    const info = await manager.consumers.info(STREAM, durable).catch(() => undefined);
    const now = performance.now();
    if (info !== undefined && info.num_pending < samples) begunAt ??= now;
    if (info?.num_pending === 0 && info.num_ack_pending === 0) return now - (begunAt ?? now);
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
