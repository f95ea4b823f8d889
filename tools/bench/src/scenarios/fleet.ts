import { setTimeout as sleep } from 'node:timers/promises';
import { INSERT_TABLE_ROBOTS, robotSocketOf } from '../data/table-robots';
import type { TelemetryLoad } from '../load/telemetry-load';
import type { TelemetryResult } from '../load/telemetry-result';
import { spread } from '../measure/compare';
import { cpuMsOf, memoryOf } from '../measure/memory';
import { HandDrivers } from '../world/hand-drivers';
import { pinApart } from '../world/pin';
import { driveReading, driveRound, HZ, lost, warmTelemetry, warmUp, type DriveSide } from './drive-rounds';
import type { Scenario } from './scenario';

const ROBOTS = 1_000;
const DRIVERS = 50;
const SETTLE_MS = 3_000;

/** What one replica on one core carries. */
export const fleet: Scenario = {
  name: 'fleet',
  needs: ['robot-gateway'],
  async run(world, effort) {
    const url = await world.migrated('fleet', ['robot-gateway']);
    await world.pool(url).query(INSERT_TABLE_ROBOTS, [ROBOTS]);
    const gateway = await world.service('robot-gateway', url);
    const load = world.worker(require.resolve('../load/drive-load'));
    const telemetry = world.worker(require.resolve('../load/telemetry-load'));
    const pinned = await pinApart(world, [gateway.pid], [load.pid, telemetry.pid]);
    const drivers = await HandDrivers.takeLocks(world, gateway.url, DRIVERS);
    const side: DriveSide = {
      name: 'robot-gateway',
      pids: [gateway.pid],
      pairs: {
        group: 'ours',
        robots: Array.from({ length: DRIVERS }, (_, number) => robotSocketOf(gateway.url, number)),
        drivers: drivers.sockets(gateway.url),
        frames: 'manual',
        // The telemetry's load needs its core too.
        pace: 'bunched',
      },
    };
    await load.call('connect', side.pairs);
    await telemetry.call('connect', { origin: gateway.url, robots: ROBOTS } satisfies TelemetryLoad);
    await warmTelemetry(telemetry);
    await telemetry.call('start');
    await sleep(SETTLE_MS);
    await warmUp(load, [side], effort);
    await telemetry.call('stop');
    const told: TelemetryResult[] = [];
    const { rounds, note } = await effort.rounds(effort.quick ? 3 : 12, async () => {
      await telemetry.call('start');
      const [cpu, at] = [cpuMsOf(gateway.pid), performance.now()];
      const driven = await driveRound(load, side, effort);
      const core = (cpuMsOf(gateway.pid) - cpu) / (performance.now() - at);
      const result = await telemetry.call<TelemetryResult>('stop');
      told.push(result);
      return { driven, core, result };
    });
    await drivers.stop();
    const failed = told.find(({ failures }) => failures > 0);
    const driven = rounds.map((round) => round.driven);
    const { nowMb, peakMb } = memoryOf(gateway.pid);
    const of = (value: (round: (typeof rounds)[number]) => number) => spread(rounds.map(value));
    const cpu = of(({ core }) => core * 100);
    const reading = driveReading(side, driven);
    return [
      {
        scenario: 'fleet',
        method: `telemetry of ${ROBOTS} robots at 1 Hz, each on its own connection, and ${DRIVERS} drivers at ${HZ} Hz by hand; ${pinned}`,
        findings: [
          {
            what: 'drive p99',
            unit: 'ms',
            value: of((round) => round.driven.latency.p99),
            goal: { most: 10 },
          },
          lost(driven),
          { what: 'RSS, at its highest', unit: 'MB', value: spread([peakMb]), goal: { most: 400 } },
          {
            what: 'telemetry that was not taken',
            unit: '',
            value: of(({ result }) => result.failures),
            goal: { most: 0 },
          },
          { what: 'telemetry p99', unit: 'ms', value: of(({ result }) => result.latency.p99) },
        ],
        readings: [
          {
            of: reading.of,
            figures: {
              ...reading.figures,
              'RSS MB': nowMb,
              'CPU % of a core': cpu.median,
              'telemetry/s': of(({ result }) => result.perSecond).median,
              'telemetry p50 ms': of(({ result }) => result.latency.p50).median,
            },
          },
        ],
        notes: [
          note,
          `meanwhile: ${drivers.inWords()}`,
          ...(failed === undefined ? [] : [`not taken: ${failed.firstFailure}`]),
        ],
      },
    ];
  },
};
