import { INSERT_TEACHABLE_ROBOT, levelSteps, longMission, type BenchStep } from '../data/missions';
import { operatorToken } from '../data/tokens';
import { spread } from '../measure/compare';
import { Samples, type Percentiles } from '../measure/percentiles';
import type { World } from '../world/world';
import type { Scenario } from './scenario';

const STEPS = 500;
const LEVELS = 5;
/** Missions on every level but the first: what is reached is 5 × so many. */
const WIDTH = 10;

interface Caller {
  post(path: string, body: object): Promise<{ missionId: string }>;
}

function callerOf(origin: string, world: World): Caller {
  const authorization = `Bearer ${operatorToken(world.secrets.JWT_SECRET, 0)}`;
  return {
    post: async (path, body) => {
      const response = await fetch(`${origin}/api/v1/teach${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${text.slice(0, 500)}`);
      return JSON.parse(text) as { missionId: string };
    },
  };
}

/** Missions that run missions, level upon level; the ids of the highest. */
async function levels(caller: Caller): Promise<string[]> {
  let below: string[] = [];
  for (let level = 0; level < LEVELS; level += 1) {
    const made: string[] = [];
    for (let index = 0; index < WIDTH; index += 1) {
      const { missionId } = await draft(caller, levelSteps(below[index]));
      await caller.post(`/missions/${missionId}/publish`, {});
      made.push(missionId);
    }
    below = made;
  }
  return below;
}

function draft(caller: Caller, steps: readonly BenchStep[]) {
  return caller.post('/missions', { name: 'bench', steps });
}

/** Publishing a long mission that runs others, five levels deep, checked against a robot. */
export const publish: Scenario = {
  name: 'publish',
  needs: ['teach-service', 'robot-gateway'],
  async run(world, { quick, progress, rounds: quietly }) {
    const databaseUrl = await world.migrated('publish', ['teach-service', 'robot-gateway']);
    await world.pool(databaseUrl).query(INSERT_TEACHABLE_ROBOT);
    await world.service('robot-gateway', databaseUrl);
    const { url } = await world.service('teach-service', databaseUrl);
    const caller = callerOf(url, world);
    const below = await levels(caller);
    const one = async (): Promise<Percentiles> => {
      const drafts: string[] = [];
      for (let index = 0; index < (quick ? 20 : 50); index += 1)
        drafts.push((await draft(caller, longMission(STEPS, below))).missionId);
      const samples = new Samples();
      for (const missionId of drafts) {
        const began = performance.now();
        await caller.post(`/missions/${missionId}/publish`, { robotId: 'bench' });
        samples.add(performance.now() - began);
      }
      const summary = samples.summary();
      progress(`publish: p50 ${summary.p50.toFixed(1)} ms, p99 ${summary.p99.toFixed(1)} ms`);
      return summary;
    };
    await one(); // warm-up
    const { rounds, note } = await quietly(quick ? 3 : 8, one);
    return [
      {
        scenario: 'publish',
        method: `POST …/publish of a mission of ${STEPS} steps, 100 of them references, ${LEVELS} levels deep, against a robot; one at a time, over HTTP`,
        findings: [
          {
            what: 'p50',
            unit: 'ms',
            value: spread(rounds.map(({ p50 }) => p50)),
            goal: { most: 50 },
          },
          { what: 'p99', unit: 'ms', value: spread(rounds.map(({ p99 }) => p99)), goal: { most: 50 } },
        ],
        readings: [],
        notes: [note],
      },
    ];
  },
};
