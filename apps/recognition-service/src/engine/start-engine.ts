import type { RecognitionEngine } from './engine';
import type { EngineSettings } from './engine-settings';
import { NoBackend } from './errors';

/** Throws NoBackend. */
export async function startEngine(settings: EngineSettings): Promise<RecognitionEngine> {
  await Promise.resolve();
  throw new NoBackend([`${settings.backend}: not built yet`]);
}
