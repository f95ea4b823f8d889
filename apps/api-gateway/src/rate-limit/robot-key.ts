import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Which of the robots behind an address this is: by all it says of itself. Somebody with a wrong key is another client than
 * the robot whose name he uses, and cannot use up what that may ask for.
 */
export function robotKey(address: string, headers: IncomingHttpHeaders): string {
  const { 'x-robot-id': name = '', 'x-api-key': key = '' } = headers;
  // The headers may be long, and a key is nothing to keep in memory.
  return createHash('sha256')
    .update(`${address}\n${String(name)}\n${String(key)}`)
    .digest('base64');
}
