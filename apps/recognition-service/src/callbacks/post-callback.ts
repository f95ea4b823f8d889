import { Inject, Injectable } from '@nestjs/common';
import { deadline, InjectConfig, Logger, LOGGER } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';
import { AllowList } from '../network/address-rules';
import { resolveHost } from '../network/resolve-host';

/** One POST to the attendance backend. */
@Injectable()
export class PostCallback {
  readonly #allowed: AllowList;

  constructor(
    @InjectConfig() private readonly config: RecognitionConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#allowed = new AllowList(config.CALLBACK_HOSTS, config.HOST_LOOKUP_MS);
  }

  /** True: taken. The id is the same however often it is sent, so that a backend can tell. */
  async post(url: string, id: string, payload: object, stop: AbortSignal): Promise<boolean> {
    try {
      await resolveHost(new URL(url).hostname, this.#allowed);
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers: {
          'content-type': 'application/json',
          'x-api-key': this.config.RECOGNITION_API_KEY,
          'idempotency-key': id,
        },
        body: JSON.stringify(payload),
        signal: AbortSignal.any([stop, deadline(this.config.CALLBACK_TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      if (!response.ok) this.log.warn({ callbackId: id, status: response.status }, 'a callback was refused');
      return response.ok;
    } catch (error) {
      if (!stop.aborted)
        this.log.warn({ callbackId: id, reason: reasonOf(error) }, 'a callback did not arrive');
      return false;
    }
  }
}

/** Names alone: messages of fetch quote URLs. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? 'unknown';
}
