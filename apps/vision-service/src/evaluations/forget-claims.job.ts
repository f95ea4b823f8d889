import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Logger, LOGGER } from '@teleop/service-kit';
import { EvaluationStore } from './evaluation-store';

const EVERY_MS = 3_600_000;

/** Clears away what killed processes left behind. */
@Injectable()
export class ForgetClaims implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: EvaluationStore,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.store
        .forgetClaims()
        .catch((error: unknown) => this.log.warn({ err: error }, 'claims were not cleared'));
    }, EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }
}
