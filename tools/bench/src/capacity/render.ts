import { COSTS } from './costs';
import { planFor } from './plan';
import { simulateLane } from './simulate-lane';

const FLEETS = [10, 1_000, 100_000];
const SERVICES = [
  'api-gateway',
  'queue-service',
  'robot-gateway',
  'pairing-service',
  'vision-service',
  'recognition-service',
  'teach-service',
];
/** Robots on one replica of robot-gateway, a tenth of them driven. */
const ROBOTS_PER_REPLICA = [250, 500, 650, 800, 950, 1_100];
/** A scavenge takes 1–3 ms, and comes after about 50 ms of such work. */
const PAUSES = { pausesPerBusySecond: 20, pauseMs: 2 };
const SIMULATED_SECONDS = 20;

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
const table = (rows: readonly (readonly string[])[]): string => {
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
};

/** What docs/capacity.md holds between its marks. */
export function renderCapacity(): string {
  return `${planTable()}\n\n${laneTable()}`;
}

function planTable(): string {
  const plans = FLEETS.map((robots) => planFor(robots));
  const row = (name: string, of: (plan: (typeof plans)[number]) => string) => [name, ...plans.map(of)];
  return table([
    ['', ...FLEETS.map((robots) => `${number(robots)} robots`)],
    ...SERVICES.map((name) => row(`${name}, replicas`, ({ replicas }) => number(replicas[name] ?? 0))),
    row('cells of robot-gateway and NATS', ({ cells }) => number(cells)),
    row('messages NATS delivers in a cell, a second', ({ natsPerCell }) => number(natsPerCell)),
    row(
      'of a robot-gateway’s work, hearing of others’ robots',
      ({ hearing }) => `${number(hearing * 100)} %`,
    ),
    row('rows PostgreSQL writes, a second', ({ databaseWrites }) => number(databaseWrites, 1)),
    row('cores of PostgreSQL', ({ databaseCores }) => number(databaseCores, 2)),
    row('cores that are busy, all in all', ({ cores }) => number(cores, 1)),
  ]);
}

function laneTable(): string {
  return table([
    ['robots on one replica, 10 % driven at 50 Hz', 'core busy', 'frame p50', 'frame p99'],
    ...ROBOTS_PER_REPLICA.map((robots) => {
      const load = {
        frames: robots * 0.1 * 50,
        frameMs: COSTS.frameByHand / 1_000,
        telemetry: robots,
        telemetryMs: COSTS.telemetry / 1_000,
        ...PAUSES,
      };
      const { busy, p50Ms, p99Ms } = simulateLane(load, SIMULATED_SECONDS);
      return [number(robots), `${number(busy * 100)} %`, `${number(p50Ms, 2)} ms`, `${number(p99Ms, 1)} ms`];
    }),
  ]);
}
