import { Worker } from 'node:worker_threads';
import type { WorkerInfo } from '../build-analyser';
import type { Analysis, Frame } from '../engine';
import { WorkerDied } from '../errors';
import type { FromWorker, ToWorker, WorkerStart } from './messages';
import { workerFile } from './worker-file';

interface Pending {
  readonly id: number;
  readonly resolve: (analysis: Analysis) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * One worker thread; it looks at one frame at a time. It is never terminated from outside: ONNX Runtime aborts the whole process when
 * its thread is torn down in the middle of an inference. A thread that does not answer is abandoned: nothing is expected from it
 * any more, and it ends by itself as soon as it can.
 */
export class EngineThread {
  /** Settles, with the reason, when nothing is to be expected from the thread any more: it ended or was abandoned. */
  readonly ended: Promise<string>;
  /** Settles when it has really ended. */
  readonly gone: Promise<void>;
  private readonly worker: Worker;
  private readonly ready: Promise<WorkerInfo>;
  private pending: Pending | null = null;
  private ids = 0;
  private reason = 'it ended';
  private alive = true;
  private end: (reason: string) => void = () => undefined;

  constructor(private readonly start: WorkerStart) {
    const { file, execArgv } = workerFile();
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.worker = new Worker(file, { workerData: start, execArgv });
    this.gone = new Promise((resolve) => this.worker.once('exit', () => resolve()));
    this.worker.on('error', (error) => (this.reason = error.message));
    this.ready = new Promise((resolve, reject) => {
      this.worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve(message.info);
        else if (message.kind === 'unusable') {
          this.reason = message.reason;
          reject(new Error(message.reason));
        } else this.answer(message);
      });
      void this.ended.then((reason) => reject(new WorkerDied(reason)));
    });
    // Whoever waits for the start is told; nobody may.
    this.ready.catch(() => undefined);
    void this.gone.then(() => this.stopExpecting(this.reason));
  }

  /** False from the moment from which nothing is to be expected any more. */
  get isAlive(): boolean {
    return this.alive;
  }

  /** Waits until the models are there. */
  async started(): Promise<WorkerInfo> {
    const { startTimeoutMs } = this.start.settings;
    const timer = setTimeout(() => this.abandon(`not ready after ${startTimeoutMs} ms`), startTimeoutMs);
    try {
      return await this.ready;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The frame's buffer goes to the thread and comes back with the answer. */
  analyse(frame: Frame, liveness: boolean): Promise<Analysis> {
    if (!this.alive) return Promise.reject(new WorkerDied(this.reason));
    if (this.pending !== null) throw new Error('a thread looks at one frame at a time');
    const id = ++this.ids;
    return new Promise((resolve, reject) => {
      const { frameTimeoutMs } = this.start.settings;
      const timer = setTimeout(() => this.abandon(`no answer in ${frameTimeoutMs} ms`), frameTimeoutMs);
      this.pending = { id, resolve, reject, timer };
      this.say({ kind: 'analyse', id, frame, liveness }, [frame.rgb.buffer as ArrayBuffer]);
    });
  }

  /** After the frame in hand: lets the networks go, and ends. */
  async close(): Promise<void> {
    this.say({ kind: 'close' });
    await this.gone;
  }

  private abandon(reason: string): void {
    this.say({ kind: 'close' });
    // It must not keep a process alive that has nothing else to do.
    this.worker.unref();
    this.stopExpecting(reason);
  }

  private stopExpecting(reason: string): void {
    this.reason = reason;
    this.alive = false;
    this.settle()?.reject(new WorkerDied(reason));
    this.end(reason);
  }

  private answer(message: Extract<FromWorker, { readonly id: number }>): void {
    if (message.id !== this.pending?.id) return;
    const pending = this.settle();
    if (message.kind === 'failed') pending?.reject(new Error(message.reason));
    else pending?.resolve({ faces: message.faces, millis: message.millis, frame: message.frame });
  }

  private settle(): Pending | null {
    const { pending } = this;
    this.pending = null;
    clearTimeout(pending?.timer);
    return pending;
  }

  private say(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}
