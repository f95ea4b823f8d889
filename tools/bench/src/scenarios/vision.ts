import type { Pace } from '../floors/vision-model-floor';
import type { VisionLoad, VisionLoadResult } from '../load/vision-load';
import { inTurn, ratios, spread } from '../measure/compare';
import { memoryOf } from '../measure/memory';
import { median } from '../measure/percentiles';
import type { ScenarioResult } from '../report/result';
import type { Service } from '../world/service';
import type { Worker } from '../workers/worker';
import type { World } from '../world/world';
import type { Effort, Scenario } from './scenario';

const CAMERAS = 4;
const MB = 1_000_000;
const LATENCY: Pace = { latencyMs: 1_000, jitterMs: 400 };
/** Requests of a megabyte until the code of all processes is compiled: the first evaluations take several times as long. */
const WARM_UP = 800;
const AT_ONCE = 20;
const AT_ONCE_BYTES = 10 * MB;
const GIB_MB = 1_073.7;
/** What prom-client's histogram of the event loop counts in: its own pause is part of every value. */
const LAG_RESOLUTION_MS = 10;

interface Stage {
  readonly world: World;
  readonly service: Service;
  readonly model: Worker;
  readonly load: Worker;
  readonly json: { readonly worker: Worker; readonly url: string };
}

async function stage(world: World): Promise<Stage> {
  const url = await world.migrated('vision', ['vision-service']);
  const model = world.worker(require.resolve('../floors/vision-model-floor'));
  const modelUrl = await model.call<string>('listen');
  const service = await world.service('vision-service', url, { OPENAI_BASE_URL: `${modelUrl}/v1` });
  const json = world.worker(require.resolve('../floors/json-floor'));
  const jsonUrl = await json.call<string>('listen');
  const load = world.worker(require.resolve('../load/vision-load'));
  return { world, service, model, load, json: { worker: json, url: jsonUrl } };
}

let rounds = 0;

async function run(
  { world, load }: Stage,
  origin: string,
  asked: Partial<VisionLoad>,
): Promise<VisionLoadResult> {
  rounds += 1;
  const whole: VisionLoad = {
    origin,
    internalToken: world.secrets.INTERNAL_API_TOKEN,
    bodyBytes: MB,
    cameras: CAMERAS,
    requests: 1,
    atOnce: 1,
    tokens: `round-${rounds}`,
    ...asked,
  };
  const result = await load.call<VisionLoadResult>('run', whole);
  if (result.failures > 0) throw new Error(`${result.failures} failed: ${result.firstFailure}`);
  return result;
}

/** The time of a whole evaluation against its slowest call: cameras are looked at at the same time. */
async function wallTime(on: Stage, { quick, rounds: take, progress }: Effort): Promise<ScenarioResult> {
  await on.model.call('set', LATENCY);
  const one = async () => {
    await on.model.call('calls');
    const { ms } = await run(on, on.service.url, {});
    const calls = await on.model.call<number[]>('calls');
    const [wall, slowest] = [ms[0]!, Math.max(...calls)];
    progress(`evaluation ${wall.toFixed(0)} ms, slowest of ${calls.length} calls ${slowest.toFixed(0)} ms`);
    return { wall, slowest, ratio: wall / slowest };
  };
  await one(); // warm-up
  const { rounds: kept, note } = await take(quick ? 4 : 12, one);
  return {
    scenario: `vision, ${CAMERAS} cameras, 1 MB`,
    method: `one evaluation at a time, a model that takes ${LATENCY.latencyMs} ± ${LATENCY.jitterMs} ms a call`,
    findings: [
      {
        what: 'wall time over the slowest call',
        unit: 'x',
        value: spread(kept.map(({ ratio }) => ratio)),
        goal: { most: 1.15 },
      },
      {
        what: 'added to the slowest call',
        unit: 'ms',
        value: spread(kept.map(({ wall, slowest }) => wall - slowest)),
      },
    ],
    readings: [],
    notes: [note],
  };
}

/** What a request costs besides the model, against reading and decoding the same body. */
async function overhead(
  on: Stage,
  { quick, rounds: take, progress }: Effort,
  bytes: number,
): Promise<ScenarioResult> {
  await on.model.call('set', { latencyMs: 0, jitterMs: 0 });
  const requests = Math.max(10, Math.ceil(((quick ? 40 : 200) * MB) / bytes));
  const asked = { bodyBytes: bytes, requests };
  const ours = async () => {
    // The answer to this token is stored: everything but the model, and the body is read all the same.
    const stored = await run(on, on.service.url, { ...asked, tokens: undefined });
    await on.model.call('calls');
    const whole = await run(on, on.service.url, asked);
    const calls = await on.model.call<number[]>('calls');
    return { stored: median(stored.ms), whole: median(whole.ms), call: median(calls) };
  };
  const floor = async () => {
    const { ms, evaluatingMs } = await run(on, on.json.url, asked);
    progress(
      `reading and decoding ${bytes / MB} MB ${median(ms).toFixed(1)} ms, of which decoding ${median(evaluatingMs).toFixed(1)} ms`,
    );
    return { stored: median(ms), whole: median(ms), call: 0 };
  };
  const warmUp = Math.ceil((WARM_UP * MB) / bytes);
  await run(on, on.service.url, { ...asked, tokens: undefined, requests: warmUp });
  await run(on, on.service.url, { ...asked, requests: warmUp });
  const { rounds: kept, note } = await take(quick ? 3 : 8, inTurn(ours, floor));
  return {
    scenario: `vision, a body of ${bytes / MB} MB without the model`,
    method: `${requests} requests one after the other, in turn with node:http + JSON.parse on the same bodies`,
    findings: [
      {
        what: 'a turn that is stored already, over decoding',
        unit: 'x',
        value: ratios(kept, ({ stored }) => stored),
        goal: { most: 3 },
      },
      {
        what: 'a whole evaluation less a call of an instant model, over decoding',
        unit: 'x',
        value: ratios(kept, ({ whole, call }) => whole - call),
        goal: { most: 3 },
      },
    ],
    readings: (['ours', 'floor'] as const).map((side) => ({
      of: side === 'ours' ? 'vision-service' : 'node:http + JSON.parse',
      figures: {
        'stored p50 ms': median(kept.map((round) => round[side].stored)),
        'whole p50 ms': median(kept.map((round) => round[side].whole)),
        'call p50 ms': median(kept.map((round) => round[side].call)),
      },
    })),
    notes: [note],
  };
}

async function lagMs(service: Service): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  const found = /^nodejs_eventloop_lag_max_seconds(?:\{[^}]*\})? (\S+)$/m.exec(text);
  if (found === null) throw new Error('/metrics has no nodejs_eventloop_lag_max_seconds');
  return Number(found[1]) * 1_000 - LAG_RESOLUTION_MS;
}

/** Many large bodies at once: memory, and how long anybody else would have to wait. */
async function atOnce(on: Stage, { quick, rounds: take, progress }: Effort): Promise<ScenarioResult> {
  await on.model.call('set', LATENCY);
  const one = async () => {
    await lagMs(on.service); // begins anew
    const { ms } = await run(on, on.service.url, {
      bodyBytes: AT_ONCE_BYTES,
      requests: AT_ONCE,
      atOnce: AT_ONCE,
    });
    const lag = await lagMs(on.service);
    const { peakMb, nowMb } = memoryOf(on.service.pid);
    progress(
      `${AT_ONCE} at once: ${Math.max(...ms).toFixed(0)} ms, peak ${peakMb.toFixed(0)} MB, loop held up ${lag.toFixed(0)} ms`,
    );
    return { slowest: Math.max(...ms), lag, nowMb };
  };
  await one(); // warm-up
  const { rounds: kept, note } = await take(quick ? 2 : 6, one);
  const { peakMb } = memoryOf(on.service.pid);
  return {
    scenario: `vision, ${AT_ONCE} evaluations at once, ${AT_ONCE_BYTES / MB} MB each`,
    method: `all sent at the same moment, ${CAMERAS} cameras, a model that takes ${LATENCY.latencyMs} ± ${LATENCY.jitterMs} ms`,
    findings: [
      { what: 'peak RSS', unit: 'MB', value: spread([peakMb]), goal: { most: GIB_MB } },
      {
        what: 'longest hold-up of the event loop',
        unit: 'ms',
        value: spread(kept.map(({ lag }) => lag)),
        goal: { most: 50 },
      },
    ],
    readings: [
      {
        of: 'vision-service',
        figures: {
          'slowest ms': median(kept.map(({ slowest }) => slowest)),
          'RSS afterwards MB': median(kept.map(({ nowMb }) => nowMb)),
        },
      },
    ],
    notes: [note],
  };
}

export const vision: Scenario = {
  name: 'vision',
  needs: ['vision-service'],
  async run(world, effort) {
    const on = await stage(world);
    return [
      await wallTime(on, effort),
      await overhead(on, effort, MB),
      await overhead(on, effort, 10 * MB),
      await atOnce(on, effort),
    ];
  },
};
