import { spawn } from 'node:child_process';
import path from 'node:path';

export interface SourceProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything it wrote. */
  readonly output: () => string;
  /** As a power cut would end it. Resolves when it is gone. */
  kill9(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * One of our services as a process of its own, so that it can be killed. `app`: its folder; `file`: what to run, below that.
 * Resolves when it says that it is ready; rejects with what it wrote when it ends before.
 */
export async function startSource(
  app: string,
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<SourceProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=@teleop/source', '-r', '@swc-node/register', path.join(app, file)],
    {
      cwd: app,
      env: {
        PATH: process.env['PATH'],
        TS_NODE_PROJECT: path.join(app, 'tsconfig.lib.json'),
        LOG_LEVEL: 'info',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let text = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const ready = text.split('\n').find((line) => line.includes('"msg":"ready"') && line.endsWith('}'));
      if (ready !== undefined) resolve((JSON.parse(ready) as { url: string }).url);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', () => reject(new Error(`${path.basename(app)} ended: ${text}`)));
  });
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal);
    await gone;
  };
  return {
    url,
    pid: child.pid!,
    output: () => text,
    kill9: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
