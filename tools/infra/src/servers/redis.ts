import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Binary } from '../binaries/binary';
import { writeFileAtomically } from '../files/write-file-atomically';
import { firstLine } from '../net/probe';
import type { StopStep } from '../process/end-process';
import type { Command } from '../process/spawn-detached';
import type { ServerKind } from './server-kind';

export class RedisKind implements ServerKind {
  readonly name = 'redis';
  readonly label = 'Redis';
  readonly comm = 'redis-server';
  readonly dir: string;
  readonly stopSteps: StopStep[] = [{ signal: 'SIGTERM', waitMs: 5_000 }];

  constructor(
    dataDir: string,
    private readonly binary: () => Promise<Binary>,
  ) {
    this.dir = path.join(path.resolve(dataDir), 'redis');
  }

  async prepare(): Promise<void> {
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    await this.binary();
  }

  async command(port: number): Promise<Command> {
    const binary = await this.binary();
    const config = path.join(this.dir, 'redis.conf');
    writeFileAtomically(
      config,
      [
        'bind 127.0.0.1',
        `port ${port}`,
        `dir ${JSON.stringify(this.dir)}`,
        'appendonly yes',
        'appendfsync everysec',
        'save ""',
        'daemonize no',
        'set-proc-title no',
        '',
      ].join('\n'),
    );
    // It does not start under a locale the machine lacks, and a developer's LANG often is one.
    const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC', ...binary.env };
    return { file: binary.file, args: [config], cwd: this.dir, env };
  }

  /** While it loads its append-only file it answers `-LOADING`. */
  async ready(port: number): Promise<boolean> {
    return (await firstLine(port, 'PING\r\n')) === '+PONG';
  }

  explain(logTail: string): string | null {
    return /No space left on device/.test(logTail) ? `The disk that holds ${this.dir} is full.` : null;
  }
}
