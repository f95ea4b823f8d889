import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry, InjectConfig, Logger, LOGGER, ProblemError } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';
import type { Ffmpeg } from './frame-source';

const MISSING = 'ffmpeg 5.1 or newer is missing: install it, or set FFMPEG_PATH';

/** The program that reads cameras. A service without it starts all the same: photos and evidence need none. */
@Injectable()
export class FfmpegProgram implements OnModuleInit {
  #version: string | undefined;

  constructor(
    @InjectConfig() private readonly config: RecognitionConfig,
    private readonly health: HealthRegistry,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    const { file, libraryPath } = this.program;
    try {
      const env = { PATH: process.env['PATH'], LD_LIBRARY_PATH: libraryPath };
      const { stdout } = await promisify(execFile)(file, ['-version'], { env, timeout: 10_000 });
      this.#version = /version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
      this.log.info({ version: this.#version }, 'ffmpeg');
    } catch (error) {
      this.health.warn('ffmpeg', MISSING);
      this.log.warn({ err: error }, MISSING);
    }
  }

  get isThere(): boolean {
    return this.#version !== undefined;
  }

  /** Throws ProblemError 503 CAMERAS_UNAVAILABLE. */
  get(): Ffmpeg {
    if (!this.isThere) throw new ProblemError(503, 'CAMERAS_UNAVAILABLE', MISSING);
    return this.program;
  }

  private get program(): Ffmpeg {
    return { file: this.config.FFMPEG_PATH, libraryPath: this.config.FFMPEG_LIBRARY_PATH };
  }
}
