import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { workspaceRoot } from '@teleop/infra';

const READY_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 20;
const STOP_TIMEOUT_MS = 15_000;

export function entryOf(service: string, entry: 'main' | 'migrate'): string {
  return path.join(workspaceRoot(), 'apps', service, 'dist', `${entry}.js`);
}

export function isBuilt(service: string): boolean {
  return existsSync(entryOf(service, 'main'));
}

export interface ServiceOptions {
  readonly name: string;
  readonly port: number;
  readonly env: Record<string, string>;
  readonly logFile: string;
}

/** A service of the product as it runs in production: its own process, told by its environment alone. */
export class Service {
  readonly url: string;
  readonly startedAt = performance.now();
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(private readonly options: ServiceOptions) {
    if (!isBuilt(options.name)) throw new Error(`${options.name} is not built; run \`npm run build\` first`);
    this.url = `http://127.0.0.1:${options.port}`;
    const log = openSync(options.logFile, 'a');
    const extra = (process.env['BENCH_SERVICE_ARGS'] ?? '').split(' ').filter((text) => text !== '');
    this.#child = spawn(process.execPath, [...extra, entryOf(options.name, 'main')], {
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#ended = new Promise((resolve) => this.#child.once('exit', () => resolve()));
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.options.name} could not be started`);
    return this.#child.pid;
  }

  /** Resolves with the milliseconds from its start until /readyz said so. */
  async ready(): Promise<number> {
    const deadline = this.startedAt + READY_TIMEOUT_MS;
    while (performance.now() < deadline) {
      if (this.ended()) throw new Error(`${this.options.name} ended at its start:\n${this.lastWords()}`);
      const response = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (response?.status === 200) return performance.now() - this.startedAt;
      await sleep(LOOK_EVERY_MS);
    }
    throw new Error(`${this.options.name} was not ready in ${READY_TIMEOUT_MS} ms:\n${this.lastWords()}`);
  }

  async stop(): Promise<void> {
    if (this.ended()) return;
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.#ended;
    clearTimeout(force);
  }

  /** For the last moment of this process: nothing of ours may outlive it. */
  kill(): void {
    if (!this.ended()) this.#child.kill('SIGKILL');
  }

  lastWords(): string {
    return readFileSync(this.options.logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
  }

  private ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}
