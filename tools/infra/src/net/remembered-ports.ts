import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../files/write-file-atomically';
import { SERVER_NAMES, type ServerName } from '../types';

/** Ports of the last start, so that URLs in shells and notebooks stay good from one start to the next. */
export class RememberedPorts {
  private readonly file: string;

  constructor(dataDir: string) {
    this.file = path.join(dataDir, 'run', 'ports.json');
  }

  get(name: ServerName): number | undefined {
    return this.read()[name];
  }

  set(name: ServerName, port: number): void {
    writeFileAtomically(this.file, `${JSON.stringify({ ...this.read(), [name]: port })}\n`);
  }

  private read(): Partial<Record<ServerName, number>> {
    let value: unknown;
    try {
      value = JSON.parse(readFileSync(this.file, 'utf8'));
    } catch {
      return {}; // first start, or a torn file: free ports it is
    }
    if (typeof value !== 'object' || value === null) return {};
    const record = value as Record<string, unknown>;
    return Object.fromEntries(
      SERVER_NAMES.flatMap((name) =>
        Number.isInteger(record[name]) ? [[name, record[name] as number]] : [],
      ),
    );
  }
}
