import { INSERT_TABLE_ROBOTS } from '../data/table-robots';
import type { ClosedRound, TelemetryLoad } from '../load/telemetry-load';
import type { TelemetryResult } from '../load/telemetry-result';
import { inTurn, ratios } from '../measure/compare';
import { cpuMsOf, memoryOf } from '../measure/memory';
import { median } from '../measure/percentiles';
import type { World } from '../world/world';
import type { Scenario } from './scenario';

const CONNECTIONS = 50;

interface Side {
  readonly name: string;
  readonly pid: number;
  readonly origin: string;
}

type Round = TelemetryResult & { readonly cpuUsPerRequest: number };

async function ours(world: World): Promise<Side> {
  const url = await world.migrated('telemetry', ['robot-gateway']);
  await world.pool(url).query(INSERT_TABLE_ROBOTS, [CONNECTIONS]);
  const { pid, url: origin } = await world.service('robot-gateway', url);
  return { name: 'robot-gateway', pid, origin };
}

async function bare(world: World): Promise<Side> {
  const floor = world.worker(require.resolve('../floors/telemetry-floor'));
  return { name: 'floor: Fastify', pid: floor.pid, origin: await floor.call<string>('listen') };
}

export const telemetry: Scenario = {
  name: 'telemetry',
  needs: ['robot-gateway'],
  async run(world, effort) {
    const { quick, progress } = effort;
    const sides = { ours: await ours(world), floor: await bare(world) };
    const load = world.worker(require.resolve('../load/telemetry-load'));
    const round = (side: Side) => async (): Promise<Round> => {
      const connect: TelemetryLoad = { origin: side.origin, robots: CONNECTIONS };
      await load.call('connect', connect);
      const asked: ClosedRound = { warmUpMs: 500, measureMs: quick ? 3_000 : 6_000 };
      const before = cpuMsOf(side.pid);
      const result = await load.call<TelemetryResult>('closed', asked);
      const share = asked.measureMs / (asked.measureMs + asked.warmUpMs);
      if (result.failures > 0) throw new Error(`${side.name}: ${result.firstFailure}`);
      progress(
        `${side.name}: ${Math.round(result.perSecond)}/s, p50 ${result.latency.p50.toFixed(2)} ms, p99 ${result.latency.p99.toFixed(2)} ms`,
      );
      const cpuUsPerRequest = ((cpuMsOf(side.pid) - before) * share * 1_000) / result.latency.count;
      return { ...result, cpuUsPerRequest };
    };
    const both = inTurn(round(sides.ours), round(sides.floor));
    await both(0); // warm-up
    const { rounds, note } = await effort.rounds(quick ? 2 : 8, both);
    const readings = (['ours', 'floor'] as const).map((side) => {
      const of = (value: (result: Round) => number) => median(rounds.map((pair) => value(pair[side])));
      const { nowMb, peakMb } = memoryOf(sides[side].pid);
      return {
        of: sides[side].name,
        figures: {
          'requests/s': of(({ perSecond }) => perSecond),
          'p50 ms': of(({ latency }) => latency.p50),
          'p99 ms': of(({ latency }) => latency.p99),
          'max ms': of(({ latency }) => latency.max),
          'CPU µs per request': of(({ cpuUsPerRequest }) => cpuUsPerRequest),
          'RSS MB': nowMb,
          'peak MB': peakMb,
        },
      };
    });
    return [
      {
        scenario: 'telemetry',
        method: `POST /table/state, ${CONNECTIONS} robots with keys on a connection each, which speak again as soon as they are answered`,
        findings: [
          {
            what: 'requests/s',
            unit: 'x',
            value: ratios(rounds, ({ perSecond }) => perSecond),
            goal: { least: 0.6 },
          },
          { what: 'p99', unit: 'x', value: ratios(rounds, ({ latency }) => latency.p99) },
        ],
        readings,
        notes: [note],
      },
    ];
  },
};
