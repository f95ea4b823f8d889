import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The token on a simulated kiosk's screen (KIOSK_SCREEN=file); undefined while it shows none. */
export function tokenOnScreen(deviceId: string, url: string): string | undefined {
  const file = path.join(tmpdir(), `teleop-kiosk-${deviceId}-${new URL(url).port}.json`);
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { token?: string }).token;
  } catch {
    // Not there yet, or just being written.
    return undefined;
  }
}
