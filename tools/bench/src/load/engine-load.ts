import { monitorEventLoopDelay } from 'node:perf_hooks';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { workspaceRoot } from '@teleop/infra';
import { classFrame, type Picture } from '../data/class-frames';
import { memoryOf } from '../measure/memory';
import { serve } from '../workers/serve';

/* The engine with its threads, as the service runs it: is the event loop free while both cores infer, and what does it hold? */

interface Engine {
  analyse(
    frame: Picture,
  ): Promise<{ readonly faces: { box: never; embedding: unknown }[]; readonly frame: Picture }>;
  close(): Promise<void>;
}
interface Service {
  readonly startEngine: (settings: object) => Promise<Engine>;
  readonly ENGINE_DEFAULTS: object;
}

export interface EngineLoad {
  readonly threads: number;
  readonly cameras: number;
  readonly faces: number;
  readonly millis: number;
}

export interface EngineResult {
  readonly framesPerSecond: number;
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  readonly idleMb: number;
  readonly nowMb: number;
}

// The compiled service itself: there is no other way to run what is measured.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const service = require(
  path.join(workspaceRoot(), 'apps', 'recognition-service', 'dist', 'index.js'),
) as Service;

async function run({ threads, cameras, faces, millis }: EngineLoad): Promise<EngineResult> {
  const modelCache = path.join(workspaceRoot(), '.data', 'models');
  const engine = await service.startEngine({ ...service.ENGINE_DEFAULTS, threads, modelCache });
  try {
    const picture = await classFrame(faces, async (one) => (await engine.analyse({ ...one })).faces);
    const idleMb = memoryOf(process.pid).nowMb;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const end = performance.now() + millis;
    let frames = 0;
    const camera = async (): Promise<void> => {
      let frame: Picture = { ...picture, rgb: Uint8Array.from(picture.rgb) };
      while (performance.now() < end) {
        ({ frame } = await engine.analyse(frame));
        frames += 1;
      }
    };
    delay.enable();
    const began = performance.now();
    await Promise.all([...Array.from({ length: cameras }, camera), sleep(millis)]);
    const seconds = (performance.now() - began) / 1_000;
    delay.disable();
    return {
      framesPerSecond: frames / seconds,
      // The monitor's own tick of a millisecond is in what it says.
      loopP99Ms: delay.percentile(99) / 1e6,
      loopMaxMs: delay.max / 1e6,
      idleMb,
      nowMb: memoryOf(process.pid).nowMb,
    };
  } finally {
    await engine.close();
  }
}

serve({ run });
