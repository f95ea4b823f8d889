import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvelopeRates } from '../load/envelope-work';
import type { PairingGroup, PairingResult, PairingRound } from '../load/pairing-load';
import { inTurn, ratios, spread } from '../measure/compare';
import { memoryOf } from '../measure/memory';
import { median } from '../measure/percentiles';
import type { ScenarioResult } from '../report/result';
import type { World } from '../world/world';
import type { Effort, Scenario } from './scenario';

const PAIRS = 200;
const HZ = 20;
const IDLE_PAIRS = 1_000;
const REPLICA_PAIRS = 50;
const LIMITS = { PAIR_ADDRESS_BURST: '1000000', PAIR_ADDRESS_PER_S: '100000' };
const ROUND = { hz: HZ, warmUpMs: 500, measureMs: 3_000 };
/** Until V8 has compiled what it will. */
const WARM_UP_ROUNDS = 3;
const ENVELOPE_WARM_UP_TURNS = 100;

export const pairingEnvelope: Scenario = {
  name: 'pairing-envelope',
  needs: ['pairing-service'],
  async run(world, { quick, rounds, progress }) {
    const worker = world.worker(require.resolve('../load/envelope-work'));
    const run = (turns: number) => worker.call<EnvelopeRates>('run', { turns });
    const one = () => run(quick ? 20 : 60);
    await run(ENVELOPE_WARM_UP_TURNS);
    const { rounds: kept, note } = await rounds(quick ? 3 : 10, one);
    const of = (name: keyof EnvelopeRates) => median(kept.map((rates) => rates[name]));
    progress(
      `bare ${of('bare').toFixed(3)} ms, ours ${of('ours').toFixed(3)} ms, naive ${of('naive').toFixed(3)} ms`,
    );
    return [
      {
        scenario: 'pairing-envelope',
        method:
          'a message of 300 KB as Python sends it: read, canonical form, HMAC compared, handed to a WebSocket’s sender; against a bare HMAC-SHA256 of what is signed',
        findings: [
          {
            what: 'rate against a bare HMAC',
            unit: 'x',
            value: spread(kept.map(({ bare, ours }) => bare / ours)),
            goal: { least: 0.8 },
          },
          {
            what: 'rate against parse, sort, stringify',
            unit: 'x',
            value: spread(kept.map(({ naive, ours }) => naive / ours)),
            goal: { least: 3 },
          },
        ],
        readings: (['bare', 'ours', 'naive'] as const).map((name) => ({
          of: name,
          figures: { 'ms a message': of(name) },
        })),
        notes: [note],
      },
    ];
  },
};

export const pairing: Scenario = {
  name: 'pairing',
  needs: ['pairing-service'],
  async run(world, effort) {
    const databaseUrl = await world.migrated('pairing', ['pairing-service']);
    const [one, two] = [
      await world.service('pairing-service', databaseUrl, LIMITS),
      await world.service('pairing-service', databaseUrl, LIMITS),
    ];
    const load = world.worker(require.resolve('../load/pairing-load'));
    const jwtSecret = world.secrets.JWT_SECRET;
    const connect = (group: string, pairs: number, devices: string, apps: string) =>
      load.call('connect', { group, pairs, devices, apps, jwtSecret } satisfies PairingGroup);
    const round = (group: string) => () =>
      load.call<PairingResult>('run', { group, ...ROUND } satisfies PairingRound);

    const idle = await idlePairs(effort, one.pid, () => connect('idle', IDLE_PAIRS, one.url, one.url));
    await connect('ours', PAIRS, one.url, one.url);
    await bareRelay(world, load);
    const relayed = await compared(effort, round('ours'), round('floor'));
    await connect('one', REPLICA_PAIRS, one.url, one.url);
    await connect('two', REPLICA_PAIRS, one.url, two.url);
    const across = await compared(effort, round('two'), round('one'));
    return [relayResult(relayed), idle, replicaResult(across)];
  },
};

async function idlePairs(
  { progress }: Effort,
  pid: number,
  connect: () => Promise<unknown>,
): Promise<ScenarioResult> {
  await sleep(3_000);
  const before = memoryOf(pid).nowMb;
  await connect();
  await sleep(10_000);
  const after = memoryOf(pid).nowMb;
  progress(`${IDLE_PAIRS} idle pairs: ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB with them`);
  return {
    scenario: 'pairing: idle pairs',
    method: `RSS of the service with ${IDLE_PAIRS} pairs in a session that send nothing but heartbeats, over the idle service`,
    findings: [{ what: 'RSS added', unit: 'MB', value: spread([after - before]), goal: { most: 150 } }],
    readings: [{ of: 'pairing-service', figures: { 'idle MB': before, 'with pairs MB': after } }],
  };
}

async function bareRelay(world: World, load: ReturnType<World['worker']>): Promise<void> {
  const floor = world.worker(require.resolve('../floors/relay-floor'));
  const relay = (await floor.call<string>('listen')).replace('http', 'ws');
  await load.call('connectBare', { group: 'floor', pairs: PAIRS, relay });
}

async function compared(
  { quick, rounds, progress }: Effort,
  ours: () => Promise<PairingResult>,
  floor: () => Promise<PairingResult>,
) {
  const both = inTurn(ours, floor);
  for (let number = 0; number < WARM_UP_ROUNDS; number += 1) await both(number);
  const kept = await rounds(quick ? 2 : 10, async (number) => {
    const pair = await both(number);
    for (const [name, { latency }] of Object.entries(pair))
      progress(`${name}: p50 ${latency.p50.toFixed(3)} ms, p99 ${latency.p99.toFixed(3)} ms`);
    return pair;
  });
  return kept;
}

type Compared = Awaited<ReturnType<typeof compared>>;

function readings({ rounds }: Compared, names: { ours: string; floor: string }): ScenarioResult['readings'] {
  return (['ours', 'floor'] as const).map((side) => ({
    of: names[side],
    figures: {
      'p50 ms': median(rounds.map((pair) => pair[side].latency.p50)),
      'p99 ms': median(rounds.map((pair) => pair[side].latency.p99)),
      'max ms': median(rounds.map((pair) => pair[side].latency.max)),
    },
  }));
}

function missing({ rounds }: Compared): ScenarioResult['findings'][number] {
  const lost = rounds.map(({ ours: { sent, received } }) => sent - received);
  return { what: 'messages that did not arrive', unit: '', value: spread(lost), goal: { most: 0 } };
}

function relayResult(kept: Compared): ScenarioResult {
  return {
    scenario: 'pairing: small messages',
    method: `${PAIRS} devices at ${HZ} messages a second each, beside ${IDLE_PAIRS} idle pairs; from the device's send to the app's receive; against a bare ws relay`,
    findings: [
      { what: 'p99', unit: 'x', value: ratios(kept.rounds, ({ latency }) => latency.p99), goal: { most: 3 } },
      { what: 'p50', unit: 'x', value: ratios(kept.rounds, ({ latency }) => latency.p50) },
      missing(kept),
    ],
    readings: readings(kept, { ours: 'pairing-service', floor: 'floor: ws relay' }),
    notes: [kept.note],
  };
}

function replicaResult(kept: Compared): ScenarioResult {
  return {
    scenario: 'pairing: two replicas',
    method: `${REPLICA_PAIRS} devices at ${HZ} messages a second each, their apps on another replica; against the same on one`,
    findings: [
      { what: 'p50', unit: 'x', value: ratios(kept.rounds, ({ latency }) => latency.p50), goal: { most: 6 } },
      { what: 'p99', unit: 'x', value: ratios(kept.rounds, ({ latency }) => latency.p99) },
      missing(kept),
    ],
    readings: readings(kept, { ours: 'two replicas', floor: 'one replica' }),
    notes: [kept.note],
  };
}
