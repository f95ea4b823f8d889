import { spawn } from 'node:child_process';
import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';

export interface RunSource {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of our TypeScript files as a process of its own, and waits for its end. */
export async function runSource(
  file: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<RunSource> {
  const register = path.join(workspaceRoot(), 'node_modules', '@swc-node', 'register');
  const child = spawn(process.execPath, ['-C', '@teleop/source', '-r', register, file, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}
