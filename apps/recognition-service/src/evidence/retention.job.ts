import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectConfig, Logger, LOGGER, RepeatingJob } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';
import { EvidenceStore } from './evidence-store';

/** Removes pictures, and who was where, after EVIDENCE_RETENTION_DAYS. */
@Injectable()
export class RetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: RepeatingJob;

  constructor(store: EvidenceStore, @InjectConfig() config: RecognitionConfig, @Inject(LOGGER) log: Logger) {
    const work = () => store.sweep(config.EVIDENCE_RETENTION_DAYS);
    this.#job = new RepeatingJob('evidence-retention', config.EVIDENCE_SWEEP_MS, work, log);
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#job.stop();
  }
}
