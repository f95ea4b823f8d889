import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EvmKey } from './evm-key';
import { Kiosk } from './kiosk';
import { PairingApi } from './pairing-api';
import { Screen } from './screen';
import { readNumber, readOneOf, readText } from './settings';

const REGISTER_AGAIN_MS = 2_000;

const deviceId = readText('KIOSK_ID', 'kiosk9');
const url = readText('GATEWAY_URL', 'http://127.0.0.1:3000');
const privateKey = readText('KIOSK_PRIVATE_KEY', '');
const key = privateKey === '' ? EvmKey.ofDemo(deviceId) : EvmKey.fromHex(privateKey);
const screenFile = `teleop-kiosk-${deviceId}-${new URL(url).port}.json`;
const screen = new Screen({
  qr: readOneOf('KIOSK_QR', ['always', 'once', 'never'], 'always'),
  appUrl: url,
  file: readText('KIOSK_SCREEN', 'off') === 'file' ? path.join(tmpdir(), screenFile) : undefined,
});

function log(message: string, fields: Record<string, unknown> = {}): void {
  const line = { time: new Date().toISOString(), level: 'info', msg: message, deviceId, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const kiosk = new Kiosk({
  deviceId,
  key,
  url,
  heartbeatMs: readNumber('KIOSK_HEARTBEAT_MS', 30_000),
  captureMs: readNumber('KIOSK_CAPTURE_MS', 1_500),
  phase: (phase, fields) => log(`phase ${phase}`, fields),
  show: (token) => {
    screen
      .show(token)
      .catch((error: unknown) => log('the screen is broken', { reason: (error as Error).message }));
  },
});

/** A kiosk is useless before it is registered, and the stack may still be starting. */
async function registered(): Promise<void> {
  const api = new PairingApi(url);
  for (;;) {
    try {
      return await api.register(deviceId, key, readText('JWT_SECRET', 'dev-jwt-secret'));
    } catch (error) {
      log('not registered yet', { reason: (error as Error).message });
      await sleep(REGISTER_AGAIN_MS);
    }
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    kiosk.stop();
    process.exit(0);
  });
}

void registered().then(() => kiosk.run());
