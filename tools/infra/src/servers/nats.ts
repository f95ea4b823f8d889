import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Binary } from '../binaries/binary';
import { writeFileAtomically } from '../files/write-file-atomically';
import { firstLine } from '../net/probe';
import type { StopStep } from '../process/end-process';
import type { Command } from '../process/spawn-detached';
import type { ServerKind } from './server-kind';

export class NatsKind implements ServerKind {
  readonly name = 'nats';
  readonly label = 'NATS';
  readonly comm = 'nats-server';
  readonly dir: string;
  readonly stopSteps: StopStep[] = [{ signal: 'SIGTERM', waitMs: 5_000 }];

  constructor(
    dataDir: string,
    private readonly binary: () => Promise<Binary>,
  ) {
    this.dir = path.join(path.resolve(dataDir), 'nats');
  }

  async prepare(): Promise<void> {
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    await this.binary();
  }

  async command(port: number): Promise<Command> {
    const binary = await this.binary();
    const config = path.join(this.dir, 'nats.conf');
    writeFileAtomically(
      config,
      [
        `listen: "127.0.0.1:${port}"`,
        'server_name: "teleop"',
        `jetstream { store_dir: ${JSON.stringify(this.dir)} }`,
        '',
      ].join('\n'),
    );
    const env = { PATH: process.env['PATH'], HOME: this.dir, TZ: 'UTC', ...binary.env };
    return { file: binary.file, args: ['-c', config], cwd: this.dir, env };
  }

  /** It greets every connection with `INFO {...}`; JetStream is announced there once its stores are recovered. */
  async ready(port: number): Promise<boolean> {
    const greeting = await firstLine(port, null);
    return greeting !== null && /^INFO .*"jetstream":\s*true/.test(greeting);
  }

  explain(logTail: string): string | null {
    return /no space left on device/i.test(logTail) ? `The disk that holds ${this.dir} is full.` : null;
  }
}
