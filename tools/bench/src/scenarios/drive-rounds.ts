import { robotIdOf } from '../data/people';
import type { DriveResult, DriveRound, Pairs } from '../load/drive-load';
import type { ClosedRound } from '../load/telemetry-load';
import { inTurn, ratios, spread, type Pair } from '../measure/compare';
import { cpuMsOf, memoryOf } from '../measure/memory';
import { median } from '../measure/percentiles';
import type { Finding, Reading } from '../report/result';
import type { Worker } from '../workers/worker';
import type { World } from '../world/world';
import type { Effort } from './scenario';

export const HZ = 50;
/** Services run for weeks: what is measured is code that V8 has compiled as far as it does, on both sides. */
const WARM_UP_MS = 10_000;
const WARM_TELEMETRY_MS = 5_000;

export interface DriveSide {
  readonly name: string;
  readonly pids: readonly number[];
  readonly pairs: Pairs;
}

export type DriveReading = DriveResult & { readonly cpuUsPerFrame: number };

/** The bare relay, with as many pairs. */
export async function bareRelay(
  world: World,
  count: number,
  { frames, pace }: Pick<Pairs, 'frames' | 'pace'>,
): Promise<DriveSide> {
  const floor = world.worker(require.resolve('../floors/relay-floor'));
  const origin = (await floor.call<string>('listen')).replace('http', 'ws');
  const urls = (path: string) =>
    Array.from({ length: count }, (_, number) => `${origin}${path}?robotId=${robotIdOf(number)}`);
  const pairs = {
    group: 'floor',
    robots: urls('/ws/robot/control'),
    drivers: urls('/ws/drive/session'),
    frames,
    pace,
  };
  return { name: 'floor: ws relay', pids: [floor.pid], pairs };
}

/** One round of one side. */
export async function driveRound(
  load: Worker,
  { pids, pairs }: DriveSide,
  effort: Effort,
  measureMs = 2_000,
) {
  const asked: DriveRound = { group: pairs.group, hz: HZ, warmUpMs: 500, measureMs };
  const cpu = () => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  const before = cpu();
  const result = await load.call<DriveResult>('run', asked);
  if (result.received === 0) throw new Error(`${pairs.group}: no frame arrived`);
  const share = asked.measureMs / (asked.measureMs + asked.warmUpMs);
  const { p50, p99 } = result.latency;
  effort.progress(`${pairs.group}: p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms`);
  return { ...result, cpuUsPerFrame: ((cpu() - before) * share * 1_000) / result.sent };
}

export async function warmUp(load: Worker, sides: readonly DriveSide[], effort: Effort): Promise<void> {
  for (const side of sides) await driveRound(load, side, effort, WARM_UP_MS);
}

/** As much telemetry as a gateway takes in minutes: connected robots speak again as soon as they are answered. */
export async function warmTelemetry(telemetry: Worker): Promise<void> {
  await telemetry.call('closed', { warmUpMs: 0, measureMs: WARM_TELEMETRY_MS } satisfies ClosedRound);
}

/** Rounds of ours and the floor in turn; both are connected. */
export async function compared(
  load: Worker,
  ours: DriveSide,
  floor: DriveSide,
  effort: Effort,
): Promise<{ rounds: readonly Pair<DriveReading>[]; note: string }> {
  const both = inTurn(
    () => driveRound(load, ours, effort),
    () => driveRound(load, floor, effort),
  );
  await warmUp(load, [ours, floor], effort);
  return effort.rounds(effort.quick ? 2 : 12, both);
}

export function driveFindings(
  rounds: readonly Pair<DriveReading>[],
  goal: { readonly p50: number; readonly p99: number },
): Finding[] {
  const of = (value: (result: DriveReading) => number) => ratios(rounds, value);
  return [
    { what: 'p50', unit: 'x', value: of(({ latency }) => latency.p50), goal: { most: goal.p50 } },
    { what: 'p99', unit: 'x', value: of(({ latency }) => latency.p99), goal: { most: goal.p99 } },
    lost(rounds.map(({ ours }) => ours)),
  ];
}

export function lost(rounds: readonly DriveReading[]): Finding {
  const value = spread(rounds.map(({ sent, received }) => sent - received));
  return { what: 'frames that did not arrive', unit: '', value, goal: { most: 0 } };
}

export function driveReading({ name, pids }: DriveSide, rounds: readonly DriveReading[]): Reading {
  const of = (value: (result: DriveReading) => number) => median(rounds.map(value));
  const memories = pids.map(memoryOf);
  return {
    of: name,
    figures: {
      'p50 ms': of(({ latency }) => latency.p50),
      'p90 ms': of(({ latency }) => latency.p90),
      'p99 ms': of(({ latency }) => latency.p99),
      'max ms': of(({ latency }) => latency.max),
      'CPU µs per frame': of(({ cpuUsPerFrame }) => cpuUsPerFrame),
      'generator late ms': of(({ generatorLateMs }) => generatorLateMs),
      'RSS MB': Math.max(...memories.map(({ nowMb }) => nowMb)),
      'peak MB': Math.max(...memories.map(({ peakMb }) => peakMb)),
    },
  };
}

/** Both sides' figures. */
export function driveReadings(ours: DriveSide, floor: DriveSide, rounds: readonly Pair<DriveReading>[]) {
  return [
    driveReading(
      ours,
      rounds.map((pair) => pair.ours),
    ),
    driveReading(
      floor,
      rounds.map((pair) => pair.floor),
    ),
  ];
}
