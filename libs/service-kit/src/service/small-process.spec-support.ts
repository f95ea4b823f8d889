import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const MAIN = path.resolve(__dirname, '../../test/small-main.ts');

export interface Started {
  readonly child: ChildProcess;
  readonly lines: Record<string, unknown>[];
  readonly text: () => string;
  readonly exit: Promise<number | null>;
  ready(): Promise<string>;
}

const running = new Set<ChildProcess>();

export function startProcess(env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, ['--conditions=@teleop/source', '-r', '@swc-node/register', MAIN], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      HOST: '127.0.0.1',
      TS_NODE_PROJECT: path.resolve(__dirname, '../../tsconfig.lib.json'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const lines: Record<string, unknown>[] = [];
  let text = '';
  const collect = (part: Buffer) => {
    text += part.toString();
    for (const line of part
      .toString()
      .split('\n')
      .filter((l) => l.startsWith('{')))
      lines.push(JSON.parse(line) as Record<string, unknown>);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const exit = once(child, 'close').then(([code]) => (running.delete(child), code as number | null));
  const ready = async () => {
    for (;;) {
      const line = lines.find((l) => l['msg'] === 'ready');
      if (line !== undefined) return String(line['url']);
      if (child.exitCode !== null) throw new Error(`ended: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, lines, text: () => text, exit, ready };
}

/** For afterEach: no process outlives its test. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

export const get = (url: string) =>
  fetch(url).then(
    (response) => response.text(),
    () => 'cut off',
  );
export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
