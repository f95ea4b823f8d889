import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const MAX_BYTES = 32 * 1024 * 1024;

/** `.data/logs/<process>.log`, raw as the process wrote it. Grown too big, it becomes `.log.1`. */
export class LogFiles {
  private readonly sizes = new Map<string, number>();

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  path(name: string): string {
    return path.join(this.folder, `${name}.log`);
  }

  append(name: string, chunk: Buffer): void {
    const file = this.path(name);
    const size = this.sizes.get(name) ?? statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_BYTES) renameSync(file, `${file}.1`);
    appendFileSync(file, chunk, { mode: 0o600 });
    this.sizes.set(name, (size > MAX_BYTES ? 0 : size) + chunk.length);
  }
}
