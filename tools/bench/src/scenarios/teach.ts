import { operatorToken } from '../data/tokens';
import { robotIdOf } from '../data/people';
import {
  cursorBehind,
  FILL_SAMPLES,
  INSERT_TEACH_SESSIONS,
  teachSessionOf,
  teachSessions,
} from '../data/teach-sessions';
import type { TeachFloor } from '../floors/teach-floor';
import type { TeachBacklog, TeachDrain, TeachLive, TeachLiveResult, TeachSide } from '../load/teach-load';
import { inTurn, ratios, spread } from '../measure/compare';
import { memoryOf } from '../measure/memory';
import { median, Samples } from '../measure/percentiles';
import type { ScenarioResult } from '../report/result';
import type { World } from '../world/world';
import type { Effort, Scenario } from './scenario';

const ROBOTS = 50;
const OURS = 'teach-service__teach-state';
const FLOOR = 'floor';

async function database(world: World, name: string): Promise<string> {
  const url = await world.migrated(name, ['teach-service']);
  await world.pool(url).query(INSERT_TEACH_SESSIONS, [teachSessions(ROBOTS)]);
  return url;
}

/** A backlog, written by ours and by a bare consumer in turn; rows a second from the first taken to the last acknowledged. */
async function ingest(world: World, effort: Effort): Promise<ScenarioResult> {
  const { natsUrl } = world.infra;
  const samples = effort.quick ? 50_000 : 150_000;
  const [oursUrl, floorUrl] = [await database(world, 'ours'), await database(world, 'floor')];
  const load = world.worker(require.resolve('../load/teach-load'));
  const floor = world.worker(require.resolve('../floors/teach-floor'));
  const backlog = { natsUrl, robots: ROBOTS, samples };
  const sessions = Object.fromEntries(
    Array.from({ length: ROBOTS }, (_, number) => [robotIdOf(number), teachSessionOf(number)]),
  );
  const asked: TeachFloor = { natsUrl, databaseUrl: floorUrl, durable: FLOOR, sessions };
  const service = await world.service('teach-service', oursUrl);
  await floor.call('open', asked);
  /** `hold`: takes nothing while the stream is filled; `release`: begins, and resolves when it has all. */
  const rate = async (
    side: TeachSide,
    url: string,
    durable: string,
    turn: { hold: () => void; release: () => Promise<unknown> },
  ) => {
    await world.pool(url).query('TRUNCATE teach.teach_sample');
    turn.hold();
    await load.call('backlog', { ...backlog, side } satisfies TeachBacklog);
    await world.settle();
    const done = turn.release();
    const ms = await load.call<number>('drained', { side, durable } satisfies TeachDrain);
    await done;
    const { rows } = await world
      .pool(url)
      .query<{ n: string }>('SELECT count(*) AS n FROM teach.teach_sample');
    if (Number(rows[0]?.n) !== samples) throw new Error(`${side} wrote ${rows[0]?.n} of ${samples} samples`);
    effort.progress(`${side}: ${Math.round((samples / ms) * 1_000)} samples/s`);
    return (samples / ms) * 1_000;
  };
  const ours = () =>
    rate('ours', oursUrl, OURS, {
      hold: () => process.kill(service.pid, 'SIGSTOP'),
      release: () => Promise.resolve(process.kill(service.pid, 'SIGCONT')),
    });
  const bare = () =>
    rate('floor', floorUrl, FLOOR, {
      hold: () => undefined,
      release: () => floor.call('drain', asked),
    });
  const both = inTurn(ours, bare);
  await both(0); // warm-up
  const { rounds, note } = await effort.rounds(effort.quick ? 2 : 6, both);
  await service.stop();
  return {
    scenario: 'teach-ingest',
    method: `${samples.toLocaleString('en')} states of ${ROBOTS} robots from JetStream into PostgreSQL, in batches of 500`,
    findings: [
      { what: 'samples/s', unit: 'x', value: ratios(rounds, (perSecond) => perSecond), goal: { least: 0.8 } },
    ],
    readings: (['ours', 'floor'] as const).map((side) => ({
      of: side === 'ours' ? 'teach-service' : 'floor: one JSON parameter',
      figures: { 'samples/s': median(rounds.map((pair) => pair[side])) },
    })),
    notes: [note],
  };
}

async function live(world: World, effort: Effort): Promise<ScenarioResult> {
  const url = await database(world, 'live');
  const service = await world.service('teach-service', url);
  const load = world.worker(require.resolve('../load/teach-load'));
  const measureMs = effort.quick ? 4_000 : 10_000;
  const asked: TeachLive = { natsUrl: world.infra.natsUrl, robots: ROBOTS, warmUpMs: 1_500, measureMs };
  const { rounds, note } = await effort.rounds(effort.quick ? 2 : 4, async () => {
    const result = await load.call<TeachLiveResult>('live', asked);
    effort.progress(`stored ${result.stored} of ${result.said}, lag p99 ${result.lag.p99} ms`);
    return result;
  });
  const seconds = (asked.warmUpMs + measureMs) / 1_000;
  const { nowMb } = memoryOf(service.pid);
  await service.stop();
  const of = (value: (result: TeachLiveResult) => number) => spread(rounds.map(value));
  return {
    scenario: 'teach-live',
    method: `${ROBOTS} robots at 50 Hz, from JetStream until they are committed and told live`,
    findings: [
      {
        what: 'samples/s',
        unit: '',
        value: of(({ stored }) => stored / seconds),
        goal: { least: 0.99 * ROBOTS * 50 },
      },
      { what: 'commit lag p99', unit: 'ms', value: of(({ lag }) => lag.p99), goal: { most: 500 } },
      {
        what: 'said and not stored, or stored twice',
        unit: '',
        value: of(({ said, stored }) => Math.abs(said - stored)),
        goal: { most: 0 },
      },
      { what: 'commit lag p50', unit: 'ms', value: of(({ lag }) => lag.p50) },
    ],
    readings: [{ of: 'teach-service', figures: { 'RSS MB': nowMb } }],
    notes: [note],
  };
}

async function paging(world: World, effort: Effort): Promise<ScenarioResult> {
  const samples = effort.quick ? 200_000 : 1_000_000;
  const pages = effort.quick ? 30 : 100;
  const url = await database(world, 'paging');
  const pool = world.pool(url);
  await pool.query(FILL_SAMPLES, [teachSessionOf(0), samples]);
  await pool.query('VACUUM ANALYZE teach.teach_sample');
  effort.progress('data is there');
  const service = await world.service('teach-service', url);
  const headers = { authorization: `Bearer ${operatorToken(world.secrets.JWT_SECRET, 1)}` };
  const page = async (behind: number): Promise<number> => {
    const query = behind === 0 ? '' : `&cursor=${cursorBehind(behind)}`;
    const at = performance.now();
    const answer = await fetch(
      `${service.url}/api/v1/teach/sessions/${teachSessionOf(0)}/samples?limit=100${query}`,
      { headers },
    );
    const { items } = (await answer.json()) as { items: unknown[] };
    if (items.length !== 100) throw new Error(`a page of ${items.length} behind ${behind}: ${answer.status}`);
    return performance.now() - at;
  };
  const depths = { first: 0, middle: samples / 2, last: samples - 100 };
  const { rounds, note } = await effort.rounds(effort.quick ? 2 : 4, async () => {
    const taken = { first: new Samples(), middle: new Samples(), last: new Samples() };
    for (let n = 0; n < pages; n += 1)
      for (const depth of ['first', 'middle', 'last'] as const) taken[depth].add(await page(depths[depth]));
    return {
      first: taken.first.summary().p50,
      middle: taken.middle.summary().p50,
      last: taken.last.summary().p50,
    };
  });
  await service.stop();
  const over = (depth: 'middle' | 'last') => spread(rounds.map((round) => round[depth] / round.first));
  return {
    scenario: 'teach-paging',
    method: `GET …/samples of a session with ${samples.toLocaleString('en')} samples, 100 a page`,
    findings: [
      { what: 'a page in the middle over the first', unit: 'x', value: over('middle'), goal: { most: 1.5 } },
      { what: 'the last page over the first', unit: 'x', value: over('last'), goal: { most: 1.5 } },
      { what: 'the first page, p50', unit: 'ms', value: spread(rounds.map(({ first }) => first)) },
    ],
    readings: [],
    notes: [note],
  };
}

const needs = ['teach-service'];
export const teachIngest: Scenario = {
  name: 'teach-ingest',
  needs,
  run: async (...args) => [await ingest(...args)],
};
export const teachLive: Scenario = {
  name: 'teach-live',
  needs,
  run: async (...args) => [await live(...args)],
};
export const teachPaging: Scenario = {
  name: 'teach-paging',
  needs,
  run: async (...args) => [await paging(...args)],
};
