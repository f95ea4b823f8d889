import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { endProcess, identify, isRunning, writeFileAtomically, type ProcessIdentity } from '@teleop/infra';

const STALE_GRACE_MS = 2_000;

/** One file per service process, so that a next start can end what a crashed launcher left behind. */
export class ChildPidfiles {
  private readonly folder: string;

  constructor(dataDir: string) {
    this.folder = path.join(dataDir, 'run', 'services');
    mkdirSync(this.folder, { recursive: true });
  }

  write(name: string, pid: number): void {
    const identity = identify(pid);
    if (identity) writeFileAtomically(this.file(name), JSON.stringify(identity));
  }

  remove(name: string): void {
    rmSync(this.file(name), { force: true });
  }

  /** Ends every process the files speak of; returns their names. */
  async endLeftovers(): Promise<string[]> {
    const names = readdirSync(this.folder).flatMap((file) =>
      file.endsWith('.json') ? [file.slice(0, -5)] : [],
    );
    const ended = await Promise.all(
      names.map(async (name) => {
        const identity = this.read(name);
        const running = identity !== null && isRunning(identity);
        if (running) await endProcess(identity, [{ signal: 'SIGTERM', waitMs: STALE_GRACE_MS }]);
        this.remove(name);
        return running ? [name] : [];
      }),
    );
    return ended.flat();
  }

  private read(name: string): ProcessIdentity | null {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8')) as ProcessIdentity;
    } catch {
      return null; // torn by a crash in the middle of a write: it names nobody
    }
  }

  private file(name: string): string {
    return path.join(this.folder, `${name}.json`);
  }
}
