import { readFileSync } from 'node:fs';
import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';
import { UsageError } from './options';

/** NATS_URL, or the server of the stack that runs here. */
export function natsUrl(env: NodeJS.ProcessEnv): string {
  const given = env['NATS_URL'];
  if (given !== undefined && given !== '') return given;
  const folder = env['TELEOP_DATA_DIR'] ?? path.join(workspaceRoot(__dirname), '.data');
  const file = path.join(folder, 'stack.json');
  const found = (JSON.parse(read(file)) as { natsUrl?: unknown }).natsUrl;
  if (typeof found !== 'string') throw new UsageError(`${file} names no natsUrl; set NATS_URL`);
  return found;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`no stack runs here (${file} cannot be read); set NATS_URL`, { cause: error });
  }
}
