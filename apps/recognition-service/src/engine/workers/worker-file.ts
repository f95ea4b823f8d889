import path from 'node:path';

/** The thread's program and how Node is to run it: compiled, or from its source in tests. */
export function workerFile(): { readonly file: string; readonly execArgv: string[] } {
  if (!__filename.endsWith('.ts')) return { file: path.join(__dirname, 'worker.js'), execArgv: [] };
  const execArgv = ['-C', '@teleop/source', '-r', require.resolve('@swc-node/register')];
  return { file: path.join(__dirname, 'worker.ts'), execArgv };
}
