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

/** One worker thread; it looks at one frame at a time. */
export class EngineThread {
  /** Settles when the thread has ended, with the reason. */
  readonly ended: Promise<string>;
  private readonly worker: Worker;
  private readonly ready: Promise<WorkerInfo>;
  private pending: Pending | null = null;
  private ids = 0;
  private reason = 'it ended';
  private alive = true;

  constructor(private readonly start: WorkerStart) {
    const { file, execArgv } = workerFile();
    this.worker = new Worker(file, { workerData: start, execArgv });
    this.ready = new Promise((resolve, reject) => {
      this.worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve(message.info);
        else if (message.kind === 'unusable') {
          this.reason = message.reason;
          reject(new Error(message.reason));
        } else this.answer(message);
      });
      this.worker.on('error', (error) => (this.reason = error.message));
      this.worker.once('exit', () => reject(new WorkerDied(this.reason)));
    });
    // Whoever waits for the start is told; nobody may.
    this.ready.catch(() => undefined);
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', () => {
        this.alive = false;
        this.settle()?.reject(new WorkerDied(this.reason));
        resolve(this.reason);
      });
    });
  }

  /** False from the moment at which it was told to end, or did. */
  get isAlive(): boolean {
    return this.alive;
  }

  /** Waits until the models are there. */
  async started(): Promise<WorkerInfo> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const { startTimeoutMs } = this.start.settings;
      timer = setTimeout(() => reject(new Error(`not ready after ${startTimeoutMs} ms`)), startTimeoutMs);
    });
    try {
      return await Promise.race([this.ready, late]);
    } catch (error) {
      await this.kill((error as Error).message);
      throw error;
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
      const timer = setTimeout(() => void this.kill(`no answer in ${frameTimeoutMs} ms`), frameTimeoutMs);
      this.pending = { id, resolve, reject, timer };
      this.say({ kind: 'analyse', id, frame, liveness }, [frame.rgb.buffer as ArrayBuffer]);
    });
  }

  /** After the frame in hand: lets the networks go, and ends. */
  async close(): Promise<void> {
    this.say({ kind: 'close' });
    await this.ended;
  }

  async kill(reason: string): Promise<void> {
    this.reason = reason;
    this.alive = false;
    await this.worker.terminate();
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
