import { Inject, Injectable } from '@nestjs/common';
import { InjectConfig, LOGGER, Logger, traceHeaders } from '@teleop/service-kit';
import type { PairingConfig } from '../config';
import type { HardwareResult } from '../sessions/frames';
import { readLimited } from './read-limited';

const NOT_CONFIGURED: HardwareResult = {
  ok: false,
  status: 503,
  data: { error: 'HARDWARE_ADMIN_NOT_CONFIGURED' },
};
const BUSY: HardwareResult = { ok: false, status: 429, data: { error: 'REGISTRATION_UNDER_WAY' } };

/** Passes a device's registration on to the admin API and answers what that said. */
@Injectable()
export class RegisterHardware {
  /** Devices whose registration is under way: each may hold megabytes. */
  readonly #underWay = new Set<string>();

  constructor(
    @InjectConfig() private readonly config: PairingConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Never rejects for what the admin API does: 504 when it does not answer in time, 502 when it cannot be reached. */
  async register(deviceId: string, platformId: string, imageBase64: string): Promise<HardwareResult> {
    const url = this.config.HARDWARE_ADMIN_URL;
    if (url === undefined) return NOT_CONFIGURED;
    if (this.#underWay.has(deviceId)) return BUSY;
    this.#underWay.add(deviceId);
    try {
      return await this.post(
        url,
        deviceId,
        JSON.stringify({ platform_id: platformId, image_base64: imageBase64 }),
      );
    } catch (error) {
      const status = (error as Error).name === 'TimeoutError' ? 504 : 502;
      this.log.warn({ err: error, deviceId, status }, 'the admin API did not register hardware');
      return { ok: false, status, data: { error: 'HARDWARE_ADMIN_UNREACHABLE' } };
    } finally {
      this.#underWay.delete(deviceId);
    }
  }

  private async post(url: string, deviceId: string, body: string): Promise<HardwareResult> {
    const { HARDWARE_ADMIN_TOKEN, HARDWARE_ADMIN_TIMEOUT_MS, HARDWARE_ADMIN_MAX_ANSWER_BYTES } = this.config;
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-device-id': deviceId,
        ...(HARDWARE_ADMIN_TOKEN !== undefined && { authorization: `Bearer ${HARDWARE_ADMIN_TOKEN}` }),
        ...traceHeaders(),
      },
      body,
      signal: AbortSignal.timeout(HARDWARE_ADMIN_TIMEOUT_MS),
      // Where our token goes is configuration, not the answer of a server.
      redirect: 'manual',
    });
    const text = await readLimited(response, HARDWARE_ADMIN_MAX_ANSWER_BYTES);
    return { ok: response.ok, status: response.status, data: parsed(text) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not every proxy in between answers in JSON.
    return text === '' ? null : { text: text.slice(0, 1_000) };
  }
}
