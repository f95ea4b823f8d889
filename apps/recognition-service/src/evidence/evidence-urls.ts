import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { secretsEqual } from '@teleop/auth';
import type { CallbackType } from '@teleop/contracts';
import { Clock, InjectConfig } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';

const PATH = '/uploads/evidence';

/** `{userId}_{rollNumber}[_exam].jpg`, as the source names them. */
export function evidenceFile(userId: number, rollNumber: string, callbackType: CallbackType): string {
  return `${userId}_${rollNumber}${callbackType === 'EXAM' ? '_exam' : ''}.jpg`;
}

export function evidencePath(slotId: number, file: string): string {
  return `${PATH}/${slotId}/${encodeURIComponent(file)}`;
}

/** Addresses of pictures: for callers with the key, and signed ones that open by themselves for a while. */
@Injectable()
export class EvidenceUrls {
  readonly #base: string;
  readonly #secret: string;

  constructor(
    @InjectConfig() private readonly config: RecognitionConfig,
    private readonly clock: Clock,
  ) {
    const own = `http://127.0.0.1:${config.PORT ?? 3103}`;
    this.#base = (config.EVIDENCE_BASE_URL ?? config.GATEWAY_PUBLIC_URL ?? own).replace(/\/+$/, '');
    // Another key for another use, so that neither tells anything of the other.
    this.#secret =
      config.EVIDENCE_URL_SECRET ??
      createHmac('sha256', config.RECOGNITION_API_KEY).update('evidence-urls').digest('base64url');
  }

  /** For a callback; only signed where the installation says so, as the source's are plain. */
  forCallback(slotId: number, file: string): string {
    return this.config.EVIDENCE_SIGN_CALLBACKS
      ? this.signed(slotId, file)
      : `${this.#base}${evidencePath(slotId, file)}`;
  }

  signed(slotId: number, file: string): string {
    const expires = Math.floor(this.clock.now() / 1_000) + this.config.EVIDENCE_URL_TTL_S;
    const query = new URLSearchParams({
      expires: String(expires),
      signature: this.sign(slotId, file, expires),
    });
    return `${this.#base}${evidencePath(slotId, file)}?${query.toString()}`;
  }

  opens(slotId: number, file: string, expires: string, signature: string): boolean {
    if (!/^\d{1,12}$/.test(expires) || Number(expires) * 1_000 < this.clock.now()) return false;
    return secretsEqual(signature, this.sign(slotId, file, Number(expires)));
  }

  private sign(slotId: number, file: string, expires: number): string {
    return createHmac('sha256', this.#secret).update(`${slotId}\n${file}\n${expires}`).digest('base64url');
  }
}
