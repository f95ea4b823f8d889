import type { EngineLoad, EngineResult } from '../load/engine-load';
import type { GalleryTimes, GalleryWork } from '../load/gallery-work';
import type { FrameTimes, FrameWork } from '../load/recognition-work';
import { spread } from '../measure/compare';
import { median } from '../measure/percentiles';
import type { ScenarioResult } from '../report/result';
import type { World } from '../world/world';
import type { Effort, Scenario } from './scenario';

/** Frames as a camera gives them, on one core; the gallery; the engine with its threads. */
export const recognition: Scenario = {
  name: 'recognition',
  needs: ['recognition-service'],
  async run(world, effort) {
    return [
      ...(await frames(world, effort)),
      ...(await galleries(world, effort)),
      await engine(world, effort),
    ];
  },
};

const MOST_MS: Readonly<Record<number, number>> = { 5: 80, 20: 300 };

async function frames(world: World, { quick, rounds, progress }: Effort): Promise<ScenarioResult[]> {
  const worker = world.worker(require.resolve('../load/recognition-work'));
  const results: ScenarioResult[] = [];
  for (const faces of [1, 5, 20]) {
    const work = (human: boolean) =>
      worker.call<FrameTimes>('run', { faces, turns: quick ? 8 : 20, human } satisfies FrameWork);
    const first = await work(faces > 1); // warm-up, and Human once: it takes seconds
    const { rounds: kept, note } = await rounds(quick ? 2 : 8, () => work(false));
    const of = (value: (times: FrameTimes) => number) => spread(kept.map(value));
    progress(`${faces} faces: ${of(({ ours }) => ours).median.toFixed(1)} ms`);
    const most = MOST_MS[faces];
    results.push({
      scenario: `recognition: a 1080p frame with ${faces} face${faces === 1 ? '' : 's'}`,
      method: `detect, align, embed on one core; against the bare models in a loop, and Human ${first.human > 0 ? 'on WASM as shipped' : '(not run)'}`,
      findings: [
        { what: 'a frame', unit: 'ms', value: of(({ ours }) => ours), ...(most ? { goal: { most } } : {}) },
        {
          what: 'frames per second against the bare models',
          unit: 'x',
          value: of(({ ours, models }) => models / ours),
          goal: { least: 0.85 },
        },
        { what: 'faces embedded', unit: '', value: of(({ embedded }) => embedded), goal: { least: faces } },
      ],
      readings: [
        {
          of: 'recognition-service',
          figures: { 'ms a frame': of(({ ours }) => ours).median, faces: first.embedded },
        },
        { of: 'floor: models in a loop', figures: { 'ms a frame': of(({ models }) => models).median } },
        ...(first.human > 0
          ? [{ of: 'Human, WASM', figures: { 'ms a frame': first.human, faces: first.humanFound } }]
          : []),
      ],
      notes: [note],
    });
  }
  return results;
}

async function galleries(world: World, { quick, rounds, progress }: Effort): Promise<ScenarioResult[]> {
  const worker = world.worker(require.resolve('../load/gallery-work'));
  const results: ScenarioResult[] = [];
  for (const vectors of [1_000, 100_000]) {
    for (const dimension of [128, 512]) {
      const work = () =>
        worker.call<GalleryTimes>('run', {
          vectors,
          dimension,
          turns: quick ? 10 : 30,
        } satisfies GalleryWork);
      const { rounds: kept, note } = await rounds(quick ? 2 : 6, work);
      const ratio = spread(kept.map(({ ours, pass }) => ours / pass));
      const rounded = spread(kept.map(({ ours, roundedPass }) => ours / roundedPass));
      progress(`${vectors} × ${dimension}: ${ratio.median.toFixed(2)} ×`);
      results.push({
        scenario: `recognition: one probe against ${vectors} vectors of ${dimension}`,
        method:
          'the best and second-best student; against one plain pass over the vectors as the model gave them',
        findings: [
          { what: 'against the pass', unit: 'x', value: ratio, goal: { most: 1.2 } },
          {
            what: 'against one over half as much memory, which is what they take here',
            unit: 'x',
            value: rounded,
          },
        ],
        readings: [
          { of: 'gallery', figures: { ms: median(kept.map(({ ours }) => ours)) } },
          { of: 'floor: plain pass', figures: { ms: median(kept.map(({ pass }) => pass)) } },
        ],
        notes: [note],
      });
    }
  }
  return results;
}

async function engine(world: World, { quick, rounds, progress }: Effort): Promise<ScenarioResult> {
  const asked: EngineLoad = { threads: 2, cameras: 4, faces: 5, millis: quick ? 4_000 : 15_000 };
  const worker = world.worker(require.resolve('../load/engine-load'));
  const { rounds: kept, note } = await rounds(quick ? 1 : 4, () => worker.call<EngineResult>('run', asked));
  const of = (value: (result: EngineResult) => number) => spread(kept.map(value));
  const each = of(({ nowMb, idleMb }) => (nowMb - idleMb) / asked.cameras);
  progress(`loop p99 ${of(({ loopP99Ms }) => loopP99Ms).median.toFixed(1)} ms`);
  return {
    scenario: 'recognition: both cores infer',
    method: `${asked.threads} threads, ${asked.cameras} cameras with ${asked.faces} faces each, as fast as they come`,
    findings: [
      {
        what: 'event loop held up, p99',
        unit: 'ms',
        value: of(({ loopP99Ms }) => loopP99Ms),
        goal: { most: 20 },
      },
      { what: 'RSS of the engine', unit: 'MB', value: of(({ idleMb }) => idleMb) },
      { what: 'RSS added a camera', unit: 'MB', value: each },
    ],
    readings: [
      {
        of: 'engine',
        figures: {
          'frames per second': of(({ framesPerSecond }) => framesPerSecond).median,
          'longest ms': of(({ loopMaxMs }) => loopMaxMs).median,
        },
      },
    ],
    notes: [note],
  };
}
