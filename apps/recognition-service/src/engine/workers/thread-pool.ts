import type { WorkerInfo } from '../build-analyser';
import type { AnalyseOptions, Analysis, EngineInfo, Frame, RecognitionEngine } from '../engine';
import { EngineBusy, EngineClosed, WorkerDied } from '../errors';
import { EngineThread } from './engine-thread';
import type { WorkerStart } from './messages';
import { ownBuffer } from './own-buffer';

interface Job {
  readonly frame: Frame;
  readonly liveness: boolean;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (analysis: Analysis) => void;
  readonly reject: (error: unknown) => void;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** Threads with one queue before them. A thread that ends is replaced; only the frame that it had in hand is lost. */
export class ThreadPool implements RecognitionEngine {
  readonly info: EngineInfo;
  private readonly idle: EngineThread[] = [];
  private readonly threads = new Set<EngineThread>();
  private readonly waiting: Job[] = [];
  /** Every thread that has not really ended, those that were given up among them. */
  private readonly running = new Set<EngineThread>();
  private readonly pauses = new Set<NodeJS.Timeout>();
  private closing: Promise<void> | null = null;

  private constructor(
    private readonly start: WorkerStart,
    info: WorkerInfo,
  ) {
    this.info = Object.freeze({ ...info, threads: start.settings.threads });
  }

  /** Throws what the first thread says where the backend does not work here. */
  static async open(start: WorkerStart): Promise<ThreadPool> {
    // The first alone: it converts the models that the others then find in the cache.
    const first = new EngineThread(start);
    const pool = new ThreadPool(start, await first.started());
    pool.watch(first);
    pool.take(first);
    const others = Array.from({ length: start.settings.threads - 1 }, () => pool.another());
    try {
      await Promise.all(others);
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  async analyse(frame: Frame, options: AnalyseOptions = {}): Promise<Analysis> {
    const { signal, liveness = false } = options;
    signal?.throwIfAborted();
    if (this.closing !== null) throw new EngineClosed();
    if (this.idle.length === 0 && this.waiting.length >= this.start.settings.maxWaiting) {
      throw new EngineBusy(this.waiting.length);
    }
    const own = ownBuffer(frame);
    let giveUp = (): void => undefined;
    const answer = new Promise<Analysis>((resolve, reject) => {
      const job: Job = { frame: own, liveness, signal, resolve, reject };
      giveUp = () => this.giveUp(job);
      signal?.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(job);
      this.next();
    });
    try {
      return await answer;
    } finally {
      // A session's signal lives through a hundred thousand frames.
      signal?.removeEventListener('abort', giveUp);
    }
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private giveUp(job: Job): void {
    const place = this.waiting.indexOf(job);
    if (place >= 0) this.waiting.splice(place, 1);
    // In a thread's hands: the promise is settled now, what the thread answers is dropped.
    job.reject(job.signal?.reason);
  }

  private next(): void {
    while (this.waiting.length > 0) {
      const thread = this.idle.pop();
      if (thread === undefined) return;
      if (!thread.isAlive) continue;
      const job = this.waiting.shift();
      if (job === undefined) return;
      void this.run(thread, job);
    }
  }

  private async run(thread: EngineThread, job: Job): Promise<void> {
    try {
      job.resolve(await thread.analyse(job.frame, job.liveness));
    } catch (error) {
      job.reject(error);
    }
    // One that died is not put back: its replacement is told of its end a moment after its frame is.
    if (thread.isAlive && this.closing === null) this.idle.push(thread);
    this.next();
  }

  private async another(): Promise<void> {
    // Threads that hang hold their memory: no more than once over.
    const { threads } = this.start.settings;
    while (this.running.size >= threads * 2)
      await Promise.race([...this.running].map((thread) => thread.gone));
    const thread = new EngineThread(this.start);
    this.watch(thread);
    await thread.started();
    this.take(thread);
  }

  private watch(thread: EngineThread): void {
    this.running.add(thread);
    void thread.gone.then(() => this.running.delete(thread));
  }

  private take(thread: EngineThread): void {
    if (this.closing !== null) return void thread.close();
    this.threads.add(thread);
    this.idle.push(thread);
    void thread.ended.then((reason) => this.replace(thread, reason));
    this.next();
  }

  private replace(thread: EngineThread, reason: string): void {
    this.threads.delete(thread);
    const place = this.idle.indexOf(thread);
    if (place >= 0) this.idle.splice(place, 1);
    if (this.closing === null) void this.restart(reason, FIRST_PAUSE_MS);
  }

  private async restart(reason: string, pauseMs: number): Promise<void> {
    try {
      await this.another();
    } catch (error) {
      if (this.closing !== null) return;
      process.emitWarning(`a recognition thread does not start: ${(error as Error).message}`);
      // With no thread left, who waits is told rather than kept.
      if (this.threads.size === 0) {
        for (const job of this.waiting.splice(0)) job.reject(new WorkerDied(reason, { cause: error }));
      }
      const timer = setTimeout(() => {
        this.pauses.delete(timer);
        void this.restart(reason, Math.min(pauseMs * 2, LONGEST_PAUSE_MS));
      }, pauseMs);
      this.pauses.add(timer);
    }
  }

  private async end(): Promise<void> {
    for (const timer of this.pauses) clearTimeout(timer);
    for (const job of this.waiting.splice(0)) job.reject(new EngineClosed());
    const closed = Promise.all([...this.threads].map((thread) => thread.close()));
    // Those given up have been told to end. One that never does must not hold up the process's end.
    const patience = AbortSignal.timeout(this.start.settings.startTimeoutMs);
    const tired = new Promise((resolve) => patience.addEventListener('abort', resolve, { once: true }));
    await Promise.race([Promise.all([...this.running].map((thread) => thread.gone)), tired]);
    await Promise.race([closed, tired]);
  }
}
