import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Binary } from '../binaries/binary';
import { initdbOf, POSTGRES_MAJOR } from '../binaries/postgres-binary';
import { requireFreeSpace } from '../checks/disk-space';
import { InfraError, messageOf } from '../errors';
import { writeFileAtomically } from '../files/write-file-atomically';
import type { StopStep } from '../process/end-process';
import type { Command } from '../process/spawn-detached';
import { unprivileged } from '../process/unprivileged';
import type { ServerKind } from './server-kind';

const run = promisify(execFile);

export const SUPERUSER = 'postgres';
const FIRST_START_MB = 300;
const LATER_START_MB = 64;
const READY_LINE = 7; // line 8 of postmaster.pid

export interface PostgresSettings {
  maxConnections: number;
  minFreeMb: number | undefined;
}

export class PostgresKind implements ServerKind {
  readonly name = 'postgres';
  readonly label = 'PostgreSQL';
  readonly comm = 'postgres';
  readonly dir: string;
  /**
   * SIGINT is the "fast" shutdown: clients are cut off, the checkpoint is written. SIGQUIT leaves the rest to crash recovery,
   * which loses nothing either.
   */
  readonly stopSteps: StopStep[] = [
    { signal: 'SIGINT', waitMs: 10_000 },
    { signal: 'SIGQUIT', waitMs: 3_000 },
  ];

  private disguise: ((command: Command) => Command) | null = null;

  constructor(
    dataDir: string,
    private readonly binary: () => Promise<Binary>,
    private readonly settings: PostgresSettings,
  ) {
    this.dir = path.join(path.resolve(dataDir), 'postgres');
  }

  /** Made once and kept beside the data: 128 random bits, so hashing it slowly would protect nothing and cost every connection. */
  password(): string {
    const file = path.join(path.dirname(this.dir), 'run', 'postgres.password');
    if (!existsSync(file)) writeFileAtomically(file, randomBytes(16).toString('hex'));
    return readFileSync(file, 'utf8').trim();
  }

  async prepare(): Promise<void> {
    requireMajor(this.dir);
    const needed = this.settings.minFreeMb ?? (this.hasData() ? LATER_START_MB : FIRST_START_MB);
    requireFreeSpace(this.dir, needed, 'PostgreSQL data');
    const binary = await this.binary();
    this.disguise = await unprivileged(binary.file, this.dir, this.env(binary));
    if (!this.hasData()) await this.initdb(binary, this.disguise);
  }

  async command(port: number): Promise<Command> {
    const binary = await this.binary();
    const disguise = this.disguise ?? (await unprivileged(binary.file, this.dir, this.env(binary)));
    rmSync(path.join(this.dir, 'postmaster.pid'), { force: true }); // clearLeftovers has made sure that nobody runs here
    const options = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: '', // its path may not exceed 107 bytes, and ours may
      max_connections: String(this.settings.maxConnections),
      fsync: 'on',
      synchronous_commit: 'on',
      timezone: 'UTC',
      log_timezone: 'UTC',
      logging_collector: 'off',
    };
    const flags = Object.entries(options).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    return disguise({
      file: binary.file,
      args: ['-D', this.dir, ...flags],
      cwd: this.dir,
      env: this.env(binary),
    });
  }

  /** The server writes its state into the eighth line of its own pidfile, and the port into the fourth. */
  async ready(port: number): Promise<boolean> {
    const lines = readQuietly(path.join(this.dir, 'postmaster.pid')).split('\n');
    return Promise.resolve(lines[READY_LINE]?.trim() === 'ready' && lines[3]?.trim() === String(port));
  }

  explain(logTail: string): string | null {
    if (/No space left on device/.test(logTail)) return `The disk that holds ${this.dir} is full.`;
    if (/pre-existing shared memory block/.test(logTail)) {
      return `Processes of an earlier server still use ${this.dir}; end them and start again.`;
    }
    return null;
  }

  /**
   * The postmaster ends its own. But a backend whose postmaster was killed sees that only when it next waits, and until then the
   * folder counts as in use. To a backend SIGINT means "cancel the query"; SIGQUIT ends it.
   */
  leftovers(pids: readonly number[]): { pid: number; steps: StopStep[] }[] {
    const postmaster = Number(readQuietly(path.join(this.dir, 'postmaster.pid')).split('\n')[0]);
    if (pids.includes(postmaster)) return [{ pid: postmaster, steps: this.stopSteps }];
    return pids.map((pid) => ({ pid, steps: [{ signal: 'SIGQUIT', waitMs: 2_000 }] }));
  }

  private hasData(): boolean {
    return existsSync(path.join(this.dir, 'PG_VERSION'));
  }

  private async initdb(binary: Binary, disguise: (command: Command) => Command): Promise<void> {
    rmSync(this.dir, { recursive: true, force: true }); // an initdb that died half-way leaves files but no PG_VERSION
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    await unprivileged(binary.file, this.dir, this.env(binary)); // the new folder needs the right owner, too
    const passwordFile = path.join(this.dir, '..', 'run', 'initdb.password');
    writeFileSync(passwordFile, this.password(), { mode: 0o600 });
    const args = [
      '-D',
      this.dir,
      '-U',
      SUPERUSER,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '-c',
      'scram_iterations=1',
    ];
    const command = disguise({
      file: initdbOf(binary),
      args,
      cwd: path.dirname(this.dir),
      env: this.env(binary),
    });
    if (command.uid !== undefined) chownSync(passwordFile, command.uid, -1);
    try {
      await run(command.file, command.args, {
        cwd: command.cwd,
        env: command.env,
        timeout: 120_000,
        ...(command.uid === undefined ? {} : { uid: command.uid, gid: command.gid }),
      });
    } catch (error) {
      const output = (error as { stderr?: string }).stderr?.trim() || messageOf(error);
      rmSync(this.dir, { recursive: true, force: true });
      throw new InfraError(this.explain(output) ?? `initdb failed: ${output}`);
    } finally {
      rmSync(passwordFile, { force: true });
    }
  }

  /** Nothing of the caller's: PGPORT or PGDATA in a developer's shell must not steer this server. */
  private env(binary: Binary): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC', ...binary.env };
  }
}

/** Another major version's files cannot be opened, and starting over them would lose them. */
function requireMajor(dir: string): void {
  const found = readQuietly(path.join(dir, 'PG_VERSION')).trim();
  if (found === '' || found === String(POSTGRES_MAJOR)) return;
  throw new InfraError(
    `${dir} holds data of PostgreSQL ${found}; this needs version ${POSTGRES_MAJOR}. Move the data with pg_dumpall or pg_upgrade, ` +
      'choose another folder with --data, or start over with --fresh (which deletes it).',
  );
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
