import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** A model given by its file: the file's name, and the start of its digest, so that another file of that name is told apart. */
export async function fileVersion(
  file: string,
): Promise<{ readonly name: string; readonly version: string }> {
  const digest = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  return { name: path.basename(file, path.extname(file)), version: digest.slice(0, 12) };
}
