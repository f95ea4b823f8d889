import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { workspaceRoot } from '../binaries/cache';

/** Runs one of our TypeScript files as a process of its own, so that it can crash, or be looked at from outside. */
export function spawnSource(file: string, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const register = path.join(workspaceRoot(), 'node_modules', '@swc-node', 'register');
  return spawn(process.execPath, ['-r', register, file, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export async function runSource(file: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawnSource(file, args, env);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

export async function firstLineOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('close', () => reject(new Error(`it ended without a word: ${complaint}`)));
  });
}
