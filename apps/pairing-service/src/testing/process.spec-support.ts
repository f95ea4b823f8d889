import { spawn } from 'node:child_process';
import path from 'node:path';

const APP = path.resolve(__dirname, '../..');

export interface ServiceProcess {
  readonly url: string;
  /** Everything it wrote. */
  readonly output: () => string;
  /** As a power cut would end it. Resolves when it is gone. */
  kill9(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
}

/** pairing-service as a process of its own, so that it can be killed. */
export async function startProcess(env: Record<string, string>): Promise<ServiceProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=@teleop/source', '-r', '@swc-node/register', path.join(APP, 'src/main.ts')],
    {
      cwd: APP,
      env: {
        PATH: process.env['PATH'],
        TS_NODE_PROJECT: path.join(APP, 'tsconfig.lib.json'),
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
    child.once('close', () => reject(new Error(`pairing-service ended: ${text}`)));
  });
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal);
    await gone;
  };
  return { url, output: () => text, kill9: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}
