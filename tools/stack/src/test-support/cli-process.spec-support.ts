import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { waitUntil, workspaceRoot } from '@teleop/infra';

export interface CliProcess {
  child: ChildProcess;
  output(): string;
  /** Waits for a text in what it printed. */
  says(text: string | RegExp): Promise<void>;
  /** Exit code, once it has ended. */
  ended: Promise<number | null>;
}

const SCRIPT = path.join(__dirname, 'launch-cli.spec-support.ts');

const started: CliProcess[] = [];

/** Whatever a failed test left running. */
export async function stopCliProcesses(): Promise<void> {
  for (const cli of started.splice(0)) {
    cli.child.kill('SIGTERM');
    await cli.ended;
  }
}

export function startCli(folder: string, argv: string[], env: NodeJS.ProcessEnv = {}): CliProcess {
  const register = path.join(workspaceRoot(__dirname), 'node_modules', '@swc-node', 'register');
  const { DATABASE_URL: _1, NATS_URL: _2, REDIS_URL: _3, NODE_ENV: _4, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    ['-r', register, '--conditions=@teleop/source', SCRIPT, folder, ...argv],
    {
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const cli: CliProcess = {
    child,
    output: () => printed,
    async says(text) {
      const found = await waitUntil(
        () => (typeof text === 'string' ? printed.includes(text) : text.test(printed)),
        30_000,
      );
      if (!found) throw new Error(`it never said ${String(text)}:\n${printed}`);
    },
    ended: new Promise((resolve) => child.once('close', resolve)),
  };
  started.push(cli);
  return cli;
}
