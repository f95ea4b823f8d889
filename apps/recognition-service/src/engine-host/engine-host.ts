import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry, InjectConfig, Logger, LOGGER, ProblemError } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';
import type { EngineInfo, RecognitionEngine } from '../engine/engine';
import type { EngineSettings } from '../engine/engine-settings';

/** Injected, so that tests can bring an engine of their own. */
export const START_ENGINE = Symbol('recognition-service:start-engine');
export type StartEngine = (settings: EngineSettings) => Promise<RecognitionEngine>;

/** The engine of this process. It starts beside the service: the first start converts models and takes its time. */
@Injectable()
export class EngineHost implements OnModuleInit, OnApplicationShutdown {
  #engine: RecognitionEngine | undefined;
  #failed = false;
  #starting: Promise<void> = Promise.resolve();

  constructor(
    @Inject(START_ENGINE) private readonly start: StartEngine,
    @InjectConfig() private readonly config: RecognitionConfig,
    private readonly health: HealthRegistry,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.#starting = this.begin();
    // Ready once it has started. Without an engine there is still evidence to show and to erase: that is a warning.
    this.health.register('engine', () => this.#starting);
  }

  /** Sessions end before this: see SessionRunners. */
  async onApplicationShutdown(): Promise<void> {
    await this.#starting;
    await this.#engine?.close();
  }

  get info(): EngineInfo | undefined {
    return this.#engine?.info;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Throws ProblemError 503 ENGINE_STARTING or ENGINE_UNAVAILABLE. */
  get(): RecognitionEngine {
    if (this.#engine !== undefined) return this.#engine;
    if (this.#failed) {
      throw new ProblemError(503, 'ENGINE_UNAVAILABLE', 'No recognition engine could be started here');
    }
    throw new ProblemError(503, 'ENGINE_STARTING', 'The recognition engine is starting; try again', {
      headers: { 'retry-after': '5' },
    });
  }

  private async begin(): Promise<void> {
    try {
      this.#engine = await this.start(this.config.engine);
      this.log.info({ ...this.#engine.info }, 'recognition engine started');
    } catch (error) {
      this.#failed = true;
      this.health.warn('engine', 'no recognition engine could be started: sessions answer 503');
      this.log.error({ err: error }, 'no recognition engine');
    }
  }
}
