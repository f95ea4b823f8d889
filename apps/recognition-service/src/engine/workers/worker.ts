import { parentPort, workerData } from 'node:worker_threads';
import type { Analyser } from '../analyser';
import { buildAnalyser } from '../build-analyser';
import type { Frame } from '../engine';
import type { FromWorker, ToWorker, WorkerStart } from './messages';

/** A thread of the engine: builds its networks, then looks at one frame after the other. */
async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('this file runs as a worker thread');
  const say = (message: FromWorker, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  const { backend, settings } = workerData as WorkerStart;
  let analyser: Analyser;
  try {
    const built = await buildAnalyser(backend, settings);
    analyser = built.analyser;
    say({ kind: 'ready', info: built.info });
  } catch (error) {
    say({ kind: 'unusable', reason: reasonOf(error) });
    port.close();
    return;
  }
  let work = Promise.resolve();
  port.on('message', (message: ToWorker) => {
    const next =
      message.kind === 'close'
        ? () => analyser.close().finally(() => port.close())
        : () => look(analyser, message.id, message.frame, message.liveness, say);
    work = work.then(next);
  });
}

async function look(
  analyser: Analyser,
  id: number,
  frame: Frame,
  liveness: boolean,
  say: (message: FromWorker, transfer?: ArrayBuffer[]) => void,
): Promise<void> {
  const start = performance.now();
  try {
    const faces = await analyser.analyse(frame, liveness);
    const vectors = faces.flatMap((face) =>
      face.embedding === null ? [] : [face.embedding.buffer as ArrayBuffer],
    );
    const millis = performance.now() - start;
    say({ kind: 'analysed', id, frame, faces, millis }, [frame.rgb.buffer as ArrayBuffer, ...vectors]);
  } catch (error) {
    say({ kind: 'failed', id, reason: reasonOf(error) });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

void main();
