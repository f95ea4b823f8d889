import type { ServerResponse } from 'node:http';
import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { ProblemError } from '@teleop/service-kit';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};
const MAX_AGE_S = 3_600;

/** A file of an installed package, wherever npm has put that. */
export function packageFile(name: string, file: string): string {
  return path.join(path.dirname(require.resolve(`${name}/package.json`)), file);
}

/** Answers with a file, or 404 when there is none. The name must come from our own list, never from a request. */
export function sendFile(res: ServerResponse, file: string | undefined): void {
  const size = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })?.size;
  if (file === undefined || size === undefined) {
    throw new ProblemError(404, 'NOT_FOUND', 'There is nothing at this address');
  }
  res.writeHead(200, {
    'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
    'content-length': size,
    'cache-control': `public, max-age=${MAX_AGE_S}`,
  });
  createReadStream(file)
    .on('error', () => res.destroy())
    .pipe(res);
}
