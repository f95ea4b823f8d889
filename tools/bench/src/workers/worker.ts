import { fork, type ChildProcess } from 'node:child_process';
import type { Call, Reply } from './serve';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A forked process of ours: a floor or a load generator. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #calls = 0;

  constructor(
    private readonly file: string,
    env: Record<string, string> = {},
  ) {
    this.#child = fork(file, {
      env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env },
      execArgv: execArgs(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (reply: Reply) => this.settle(reply));
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        const error = new Error(`${this.file} ended (${signal ?? code})`);
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
        resolve();
      });
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.file} could not be started`);
    return this.#child.pid;
  }

  call<R>(command: string, argument: object = {}): Promise<R> {
    this.#calls += 1;
    const call: Call = { id: this.#calls, command, argument };
    return new Promise<R>((resolve, reject) => {
      this.#waiting.set(call.id, { resolve: resolve, reject });
      this.#child.send(call, (error) => {
        if (error !== null && this.#waiting.delete(call.id)) reject(error);
      });
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    if (this.#child.connected) this.#child.disconnect();
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 3_000);
    await this.#ended;
    clearTimeout(force);
  }

  private settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting.reject(new Error(`${this.file}: ${reply.error}`));
    else waiting.resolve(reply.result);
  }
}

/** `BENCH_FLOOR_ARGS="--cpu-prof"` and the like, for looking into a floor. */
function execArgs(): string[] {
  return (process.env['BENCH_WORKER_ARGS'] ?? '').split(' ').filter((text) => text !== '');
}
