import { spawn } from 'node:child_process';
import { InfraError } from '@teleop/infra';
import { LineSplitter } from '../log/line-splitter';
import type { LogFiles } from '../log/log-files';
import { dieWithParent } from '../supervise/parent-death';

const LAST_LINES = 15;

export interface OnceSpec {
  /** Name of its log. */
  name: string;
  /** "Migrations of queue-service": begins the message when it fails. */
  what: string;
  file: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** Runs a program to its end. A non-zero exit becomes one message that holds its last lines. */
export async function runOnce(spec: OnceSpec, logs: LogFiles, signal?: AbortSignal): Promise<void> {
  const last: string[] = [];
  const [file, ...args] = [...dieWithParent(), process.execPath, spec.file, ...spec.args];
  const child = spawn(file as string, args, {
    cwd: spec.cwd,
    env: spec.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal ? { signal, killSignal: 'SIGKILL' as const } : {}),
  });
  for (const stream of [child.stdout, child.stderr]) {
    const lines = new LineSplitter((line) => {
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
    });
    stream.on('data', (chunk: Buffer) => {
      logs.append(spec.name, chunk);
      lines.push(chunk);
    });
    stream.on('end', () => lines.flush());
  }
  const how = await new Promise<string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, ended) =>
      resolve(code === 0 ? null : ended ? `was ended by ${ended}` : `ended with code ${code}`),
    );
  });
  if (how === null) return;
  throw new InfraError(
    [
      `${spec.what} failed: ${how}.`,
      ...last.map((line) => `  | ${line}`),
      `The whole log: ${logs.path(spec.name)}`,
    ].join('\n'),
  );
}
