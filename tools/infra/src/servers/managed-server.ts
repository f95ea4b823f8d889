import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { InfraError } from '../errors';
import { freePort, isPortFree, requireFreePort } from '../net/ports';
import { endProcess, signal } from '../process/end-process';
import { hasOtherOwner, readLivePidfile, removePidfile, thisProcess, writePidfile } from '../process/pidfile';
import { identify, isRunning, type ProcessIdentity } from '../process/process-identity';
import { findByWorkingDirectory, hasName } from '../process/process-table';
import { spawnDetached } from '../process/spawn-detached';
import { waitUntil } from '../process/wait-until';
import type { InfraServer, StopOptions } from '../types';
import type { ServerKind } from './server-kind';

export interface ServerSettings {
  runDir: string;
  logDir: string;
  readyTimeoutMs: number;
  keepRunning: boolean;
  onProgress: (line: string) => void;
}

const PORT_ATTEMPTS = 5;
const LOG_TAIL_BYTES = 8_192;

/** One server process below a data folder: started, or adopted from a launcher that died. */
export class ManagedServer implements InfraServer {
  readonly external = false;
  private identity: ProcessIdentity | null = null;
  private currentPort = 0;
  private owned = false;
  private startedHere = false;
  private restarting: Promise<void> | null = null;

  constructor(
    private readonly kind: ServerKind,
    private readonly settings: ServerSettings,
  ) {}

  get pid(): number | null {
    return this.alive() ? (this.identity?.pid ?? null) : null;
  }

  get port(): number {
    return this.currentPort;
  }

  alive(): boolean {
    return this.identity !== null && isRunning(this.identity);
  }

  kill9(): void {
    if (this.identity) signal(this.identity, 'SIGKILL');
  }

  /** Takes over a server that runs already on this data, if it serves. */
  async adopt(): Promise<boolean> {
    const found = readLivePidfile(this.pidfile);
    if (!found || !hasName(found.pid, this.kind.comm)) return false;
    if (!(await waitUntil(() => this.kind.ready(found.port), this.settings.readyTimeoutMs, 100)))
      return false;
    this.identity = { pid: found.pid, startedAt: found.startedAt };
    this.currentPort = found.port;
    this.owned = !hasOtherOwner(found);
    if (this.owned) writePidfile(this.pidfile, { ...found, launcher: this.launcher });
    return true;
  }

  async start(wanted: { port: number; mandatory: boolean } | null): Promise<void> {
    await this.clearLeftovers();
    await this.kind.prepare();
    if (wanted?.mandatory) await requireFreePort(wanted.port, this.kind.label);
    let candidate = wanted && (await isPortFree(wanted.port)) ? wanted.port : await freePort();
    for (let attempt = 1; ; attempt++) {
      if (await this.tryOn(candidate)) return;
      if (wanted?.mandatory || attempt === PORT_ATTEMPTS) await requireFreePort(candidate, this.kind.label);
      if (attempt === PORT_ATTEMPTS) throw this.startFailure();
      candidate = await freePort(); // someone took it between our look and the server's bind
    }
  }

  /** Concurrent callers share one restart. */
  restart(): Promise<void> {
    this.restarting ??= this.startAgain().finally(() => (this.restarting = null));
    return this.restarting;
  }

  async stop({ withinMs = Infinity }: StopOptions = {}): Promise<void> {
    if (!this.owned || this.settings.keepRunning) return;
    await this.restarting?.catch(() => undefined); // its caller hears of a failure; a stop in the middle would leave it running
    await this.end(withinMs);
  }

  /** Takes a start back: ends what this call started, also when it was meant to stay; what it adopted runs on. */
  async undo(): Promise<void> {
    if (this.startedHere) await this.end();
  }

  private async end(withinMs = Infinity): Promise<void> {
    const steps = this.kind.stopSteps.map((step) => ({ ...step, waitMs: Math.min(step.waitMs, withinMs) }));
    if (this.identity) await endProcess(this.identity, steps);
    removePidfile(this.pidfile);
  }

  private async startAgain(): Promise<void> {
    if (this.identity) await endProcess(this.identity, this.kind.stopSteps);
    await this.clearLeftovers();
    // The kernel may need a moment to give the port back; clients know this one, so no other will do.
    await waitUntil(() => isPortFree(this.currentPort), 5_000, 50);
    await requireFreePort(this.currentPort, this.kind.label);
    if (!(await this.tryOn(this.currentPort))) throw this.startFailure();
  }

  /** False when it ended because the port was taken; throws when it ended for another reason or does not become ready. */
  private async tryOn(port: number): Promise<boolean> {
    const identity = await spawnDetached(await this.kind.command(port), this.logFile);
    this.identity = identity;
    this.currentPort = port;
    this.owned = true;
    this.startedHere = true;
    writePidfile(this.pidfile, { ...identity, port, launcher: this.launcher });
    let ready = false;
    await waitUntil(async () => {
      ready = await this.kind.ready(port);
      return ready || !isRunning(identity);
    }, this.settings.readyTimeoutMs);
    if (ready && isRunning(identity)) return true;
    if (!isRunning(identity) && !(await isPortFree(port))) return false;
    const failure = this.startFailure();
    await this.end();
    throw failure;
  }

  /**
   * Processes that run on our data though no pidfile speaks of them (the launcher died between spawn and write, a file was
   * deleted) or that do not serve any more. Two servers on one folder would ruin it.
   */
  private async clearLeftovers(): Promise<void> {
    const inPidfile = readLivePidfile(this.pidfile);
    const pids = new Set(findByWorkingDirectory(resolved(this.kind.dir), this.kind.comm));
    if (inPidfile && hasName(inPidfile.pid, this.kind.comm)) pids.add(inPidfile.pid);
    const leftovers =
      this.kind.leftovers?.([...pids]) ?? [...pids].map((pid) => ({ pid, steps: this.kind.stopSteps }));
    await Promise.all(
      leftovers.map(({ pid, steps }) => {
        this.settings.onProgress(`${this.kind.label}: ending a leftover process (pid ${pid})`);
        const identity = identify(pid);
        return identity ? endProcess(identity, steps) : Promise.resolve();
      }),
    );
    removePidfile(this.pidfile);
  }

  private startFailure(): InfraError {
    const tail = tailOf(this.logFile);
    const lastLines = tail
      .trim()
      .split('\n')
      .slice(-6)
      .map((line) => `  | ${line}`);
    const reason =
      this.kind.explain(tail) ??
      ['It ended or did not become ready. Its last words:', ...lastLines].join('\n');
    return new InfraError(`${this.kind.label} did not start. ${reason}\nThe whole log: ${this.logFile}`);
  }

  private get launcher(): ProcessIdentity | null {
    return this.settings.keepRunning ? null : thisProcess();
  }

  private get pidfile(): string {
    return path.join(this.settings.runDir, `${this.kind.name}.json`);
  }

  private get logFile(): string {
    return path.join(this.settings.logDir, `${this.kind.name}.log`);
  }
}

function resolved(dir: string): string {
  try {
    return realpathSync(dir);
  } catch {
    return dir; // not made yet
  }
}

function tailOf(file: string): string {
  const fd = openSync(file, 'r');
  try {
    const size = fstatSync(fd).size;
    const length = Math.min(size, LOG_TAIL_BYTES);
    const buffer = Buffer.alloc(length);
    readSync(fd, buffer, 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    closeSync(fd);
  }
}
