import { createHmac } from 'node:crypto';
import type { EvmKey } from './evm-key';

export class PairingRefused extends Error {
  override readonly name = 'PairingRefused';

  constructor(
    what: string,
    readonly status: number,
    body: string,
  ) {
    super(`${what}: HTTP ${status} ${body.slice(0, 300)}`);
  }
}

export interface PairingToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** The HTTP part of the protocol, as the kiosk speaks it. */
export class PairingApi {
  constructor(private readonly url: string) {}

  /** prepare, sign, request. */
  async token(deviceId: string, key: EvmKey): Promise<PairingToken> {
    const { nonce } = await this.post<{ nonce: string }>('/pair/prepare', { device_id: deviceId });
    const answer = await this.post<{ pairing_token: string; expires_in: number }>('/pair/request', {
      device_id: deviceId,
      signature: key.sign(`${deviceId}||${nonce}`),
    });
    return { token: answer.pairing_token, expiresInSeconds: answer.expires_in };
  }

  /** Puts the kiosk into the registry, as its operator would; a kiosk that is there already is left as it is. */
  async register(deviceId: string, key: EvmKey, jwtSecret: string): Promise<void> {
    const body = { device_id: deviceId, evm_address: key.address, name: `Simulated kiosk ${deviceId}` };
    const bearer = { authorization: `Bearer ${adminToken(jwtSecret)}` };
    await this.post('/api/v1/devices', body, bearer).catch((error: unknown) => {
      if (!(error instanceof PairingRefused && error.status === 409)) throw error;
    });
  }

  private async post<T>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> {
    const response = await fetch(new URL(path, this.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok) throw new PairingRefused(`POST ${path}`, response.status, text);
    return JSON.parse(text) as T;
  }
}

function adminToken(secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    sub: '00000000-0000-4000-8000-000000000001',
    name: 'Kiosk simulator',
    role: 'Admin',
    exp: Math.floor(Date.now() / 1_000) + 60,
  };
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}
