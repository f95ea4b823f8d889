import { spawn, type ChildProcess } from 'node:child_process';
import { messageOf } from '@teleop/infra';
import { LineSplitter } from '../log/line-splitter';
import type { LogFiles } from '../log/log-files';
import { BackOff } from './back-off';
import type { ChildPidfiles } from './child-pidfiles';
import { dieWithParent } from './parent-death';

const LAST_WORDS_MS = 500;

export interface ChildSpec {
  /** Unique in the stack; also the name of its log. */
  name: string;
  file: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
}

export interface ChildContext {
  logs: LogFiles;
  pidfiles: ChildPidfiles;
  onLine: (process: string, line: string) => void;
  /** The supervisor's own remarks: crashes and restarts. */
  onNotice: (line: string) => void;
}

/** One process that is meant to run until it is stopped: restarted with growing delays when it ends by itself. */
export class Child {
  private process: ChildProcess | null = null;
  private stopping = false;
  private timer: NodeJS.Timeout | null = null;
  private startedAt = 0;
  private readonly backOff = new BackOff();
  private logFails = false;
  /** How often it ended by itself. */
  exits = 0;

  constructor(
    private readonly spec: ChildSpec,
    private readonly context: ChildContext,
  ) {}

  get name(): string {
    return this.spec.name;
  }

  get pid(): number | null {
    return this.process?.pid ?? null;
  }

  start(): void {
    const [file, ...args] = [...dieWithParent(), process.execPath, this.spec.file];
    const child = spawn(file, args, {
      cwd: this.spec.cwd,
      env: this.spec.env,
      // A group of its own: Ctrl-C in the terminal reaches the launcher only, which then stops things in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    this.startedAt = performance.now();
    if (child.pid !== undefined) this.context.pidfiles.write(this.name, child.pid);
    for (const stream of [child.stdout, child.stderr]) {
      const lines = new LineSplitter((line) => this.context.onLine(this.name, line));
      stream.on('data', (chunk: Buffer) => {
        this.keep(chunk);
        lines.push(chunk);
      });
      stream.on('end', () => lines.flush());
    }
    child.once('error', (error) => this.ended(child, `could not be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      this.ended(child, signal ? `was ended by ${signal}` : `ended with code ${code}`),
    );
  }

  kill9(): void {
    this.process?.kill('SIGKILL');
  }

  /** SIGTERM, and SIGKILL when that has not helped after `graceMs`. Resolves once it is gone, and it is not restarted. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    const child = this.process;
    if (!child) return;
    const gone = new Promise<void>((resolve) => {
      // Its last words come after its exit; what holds its pipes open beyond that is not waited for.
      child.once('close', () => resolve());
      child.once('exit', () => setTimeout(resolve, LAST_WORDS_MS));
    });
    child.kill('SIGTERM');
    const impatience = setTimeout(() => {
      this.context.onNotice(`${this.name} did not stop within ${graceMs} ms; killing it`);
      child.kill('SIGKILL');
    }, graceMs);
    await gone;
    clearTimeout(impatience);
  }

  /** A log that cannot be written (a full disk, a folder that was wiped) is said once and stops nothing. */
  private keep(chunk: Buffer): void {
    try {
      this.context.logs.append(this.name, chunk);
      this.logFails = false;
    } catch (error) {
      if (!this.logFails)
        this.context.onNotice(`${this.name}: its log cannot be written: ${messageOf(error)}`);
      this.logFails = true;
    }
  }

  private ended(child: ChildProcess, how: string): void {
    if (this.process !== child) return;
    this.process = null;
    this.context.pidfiles.remove(this.name);
    if (this.stopping) return;
    this.exits++;
    const delay = this.backOff.nextDelayMs(performance.now() - this.startedAt);
    this.context.onNotice(`${this.name} ${how}; restarting it in ${delay / 1_000} s`);
    this.timer = setTimeout(() => this.start(), delay);
  }
}
