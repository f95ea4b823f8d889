import path from 'node:path';
import { cacheRoot, findFfmpeg, messageOf, workspaceRoot } from '@teleop/infra';

/**
 * What recognition-service needs beside servers: an ffmpeg to read cameras with, and a place for its converted models that a
 * wiped data folder does not take away. The caller’s own values win. Without ffmpeg the product starts all the same.
 */
export async function recognitionParts(
  caller: NodeJS.ProcessEnv,
  notice: (line: string) => void,
): Promise<Record<string, string>> {
  const models =
    caller['MODEL_CACHE_DIR'] ?? path.join(cacheRoot(caller, workspaceRoot(__dirname)), 'models');
  const env = { MODEL_CACHE_DIR: models };
  if (caller['FFMPEG_PATH']) return env;
  try {
    const { file, libraryPath } = await findFfmpeg(caller, notice);
    return { ...env, FFMPEG_PATH: file, FFMPEG_LIBRARY_PATH: libraryPath };
  } catch (error) {
    notice(`no camera can be read: ${messageOf(error)}`);
    return env;
  }
}
