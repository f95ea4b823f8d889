import { spawn } from 'node:child_process';
import path from 'node:path';

const APP = path.resolve(__dirname, '../..');

export interface ReplicaProcess {
  readonly url: string;
  readonly pid: number;
  /** As a power cut would end it. Resolves when it is gone. */
  kill9(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
}

/** recognition-service with the engine of these tests, as a process of its own. */
export async function startReplica(env: Readonly<Record<string, string>>): Promise<ReplicaProcess> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@teleop/source',
      '-r',
      '@swc-node/register',
      path.join(APP, 'src/testing/replica.spec-support.ts'),
    ],
    {
      cwd: APP,
      env: {
        PATH: process.env['PATH'],
        TS_NODE_PROJECT: path.join(APP, 'tsconfig.lib.json'),
        ...env,
        LOG_LEVEL: 'info',
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
    child.once('close', () => reject(new Error(`recognition-service ended: ${text}`)));
  });
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal);
    await gone;
  };
  return { url, pid: child.pid!, kill9: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}
