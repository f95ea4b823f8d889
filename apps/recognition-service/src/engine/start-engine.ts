import type { RecognitionEngine } from './engine';
import { BACKENDS, type Backend, type EngineSettings } from './engine-settings';
import { NoBackend } from './errors';
import { ThreadPool } from './workers/thread-pool';

/** With `auto`, the first backend that starts. Throws NoBackend. */
export async function startEngine(settings: EngineSettings): Promise<RecognitionEngine> {
  const wanted: readonly Backend[] = settings.backend === 'auto' ? BACKENDS : [settings.backend];
  const reasons: string[] = [];
  for (const backend of wanted) {
    try {
      return await ThreadPool.open({ backend, settings });
    } catch (error) {
      reasons.push(`${backend}: ${(error as Error).message}`);
    }
  }
  throw new NoBackend(reasons);
}
