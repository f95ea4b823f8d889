import { spawn } from 'node:child_process';
import path from 'node:path';

const APP = path.resolve(__dirname, '../..');

export interface TeachProcess {
  readonly url: string;
  /** As a power cut would end it. Resolves when it is gone. */
  kill9(): Promise<void>;
}

/** teach-service as a process of its own, so that it can be killed. */
export async function startTeachProcess(env: Record<string, string>): Promise<TeachProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=@teleop/source', '-r', '@swc-node/register', path.join(APP, 'src/main.ts')],
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
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const ready = text.split('\n').find((line) => line.includes('"msg":"ready"'));
      if (ready !== undefined) resolve((JSON.parse(ready) as { url: string }).url);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', () => reject(new Error(`teach-service ended: ${text}`)));
  });
  return {
    url,
    kill9: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
