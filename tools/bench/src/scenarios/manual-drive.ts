import { INSERT_TABLE_ROBOTS, robotSocketOf } from '../data/table-robots';
import type { TelemetryLoad } from '../load/telemetry-load';
import { inWords, type TelemetryResult } from '../load/telemetry-result';
import type { ScenarioResult } from '../report/result';
import { HandDrivers } from '../world/hand-drivers';
import { pinApart } from '../world/pin';
import type { World } from '../world/world';
import {
  bareRelay,
  compared,
  driveFindings,
  driveReadings,
  HZ,
  warmTelemetry,
  type DriveSide,
} from './drive-rounds';
import type { Effort, Scenario } from './scenario';

const PAIRS = 100;

const GOALS = { 1: { p50: 1.3, p99: 2 }, 2: { p50: 6, p99: 12 } } as const;

/** Drivers at the first replica, their robots at the last. */
async function measured(world: World, replicas: 1 | 2, effort: Effort): Promise<ScenarioResult> {
  const url = await world.migrated(`manual${replicas}`, ['robot-gateway']);
  await world.pool(url).query(INSERT_TABLE_ROBOTS, [PAIRS]);
  const first = await world.service('robot-gateway', url);
  const last = replicas === 1 ? first : await world.service('robot-gateway', url);
  const drivers = await HandDrivers.takeLocks(world, first.url, PAIRS);
  const ours: DriveSide = {
    name: replicas === 1 ? 'robot-gateway' : 'two robot-gateways',
    pids: [...new Set([first.pid, last.pid])],
    pairs: {
      group: 'ours',
      robots: Array.from({ length: PAIRS }, (_, number) => robotSocketOf(last.url, number)),
      drivers: drivers.sockets(first.url),
      frames: 'manual',
      // Two gateways need both cores.
      pace: replicas === 1 ? 'even' : 'bunched',
    },
  };
  const floor = await bareRelay(world, PAIRS, ours.pairs);
  const load = world.worker(require.resolve('../load/drive-load'));
  const telemetry = world.worker(require.resolve('../load/telemetry-load'));
  const pinned =
    replicas === 1
      ? `; ${await pinApart(world, [...ours.pids, ...floor.pids], [load.pid, telemetry.pid])}`
      : '';
  for (const { pairs } of [ours, floor]) await load.call('connect', pairs);
  await telemetry.call('connect', { origin: last.url, robots: PAIRS } satisfies TelemetryLoad);
  await warmTelemetry(telemetry);
  await telemetry.call('start');
  effort.progress(`${PAIRS} pairs connected to each`);
  const { rounds, note } = await compared(load, ours, floor, effort);
  const told = await telemetry.call<TelemetryResult>('stop');
  await drivers.stop();
  const readings = driveReadings(ours, floor, rounds);
  await Promise.all([load.stop(), telemetry.stop()]);
  await Promise.all([...new Set([first, last])].map((service) => service.stop()));
  return {
    scenario: `manual-drive, ${replicas === 1 ? 'one replica' : 'driver and robot at two replicas'}`,
    method: `${PAIRS} drivers at ${HZ} Hz by hand, spread evenly; from the driver's send to the robot's receive, one process holding both ends${pinned}`,
    findings: driveFindings(rounds, GOALS[replicas]),
    readings,
    notes: [
      note,
      `meanwhile, also during the floor's rounds: ${drivers.inWords()}; telemetry of ${PAIRS} robots at 1 Hz, ${inWords(told)}`,
    ],
  };
}

export const manualDrive: Scenario = {
  name: 'manual-drive',
  needs: ['robot-gateway'],
  async run(world, effort) {
    // Two replicas need all of a machine with two cores, before minutes under load have slowed it down.
    return [await measured(world, 2, effort), await measured(world, 1, effort)];
  },
};
