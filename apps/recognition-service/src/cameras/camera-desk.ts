import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock, InjectConfig, Logger, LOGGER, ProblemError } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';
import { AllowList } from '../network/address-rules';
import { HostRefused, HostUnknown, resolveHost } from '../network/resolve-host';
import { BadCameraUrl, parseCameraUrl } from './camera-url';
import { CameraUnreachable, findStream } from './find-stream';
import { FfmpegProgram } from './ffmpeg';
import { JudgingProxy } from './judging-proxy';
import { FrameSource, type FrameSourceOptions, type SourceEnd } from './frame-source';

type SourceWish = Omit<FrameSourceOptions, 'ffmpeg' | 'proxyUrl' | 'maxWidth'> & {
  readonly maxWidth?: number;
};

/** A connection that did not come about ends like one that did. */
export type Opened = { readonly source: FrameSource } | { readonly failed: SourceEnd };

/** Opens cameras by the rules of this installation. */
@Injectable()
export class CameraDesk implements OnModuleDestroy {
  readonly #allowed: AllowList;
  readonly #allowFile: boolean;
  readonly #proxy: JudgingProxy;

  constructor(
    @InjectConfig() private readonly config: RecognitionConfig,
    private readonly ffmpeg: FfmpegProgram,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#allowed = new AllowList(config.CAMERA_HOSTS, config.HOST_LOOKUP_MS);
    this.#proxy = new JudgingProxy(this.#allowed);
    this.#allowFile = config.NODE_ENV !== 'production';
  }

  async onModuleDestroy(): Promise<void> {
    await this.#proxy.close();
  }

  /** Throws ProblemError 400 VALIDATION_FAILED that names `path`, when the URL may not be connected to. */
  async judge(text: string, path: string): Promise<void> {
    try {
      const { url, kind } = parseCameraUrl(text, this.#allowFile);
      if (kind !== 'file') await resolveHost(url.hostname, this.#allowed);
    } catch (error) {
      // A name that is not known now may be later: that is a camera that fails.
      if (error instanceof HostUnknown) return;
      if (error instanceof BadCameraUrl || error instanceof HostRefused) throw refused(path, error.message);
      throw error;
    }
  }

  /** `startTimeoutMs` of the wish is for everything up to the first picture. Throws ProblemError 503 CAMERAS_UNAVAILABLE. */
  async open(text: string, wish: SourceWish): Promise<Opened> {
    const ffmpeg = this.ffmpeg.get();
    const deadline = this.clock.monotonic() + wish.startTimeoutMs;
    try {
      const { url, kind } = parseCameraUrl(text, this.#allowFile);
      const stream = await findStream(url, kind, this.#allowed, AbortSignal.timeout(wish.startTimeoutMs));
      // What is left of a second is more than nothing: ffmpeg is ended by it like any that brings no picture.
      const startTimeoutMs = Math.max(1, deadline - this.clock.monotonic());
      const proxyUrl = await this.#proxy.url();
      const options = { maxWidth: this.config.CAMERA_MAX_WIDTH, ...wish, startTimeoutMs, ffmpeg, proxyUrl };
      return { source: new FrameSource(stream, options) };
    } catch (error) {
      return { failed: { reason: this.wordsFor(error), frames: 0 } };
    }
  }

  private wordsFor(error: unknown): string {
    if (error instanceof CameraUnreachable) return error.message;
    if (error instanceof HostUnknown) return 'unreachable';
    if (error instanceof HostRefused || error instanceof BadCameraUrl) return 'not allowed';
    // Nothing that a camera answers may end more than its connection. Its message may quote the URL.
    this.log.error(
      { reason: (error as Error).name },
      'a camera could not be connected for an unknown reason',
    );
    return 'the connection failed';
  }
}

function refused(path: string, message: string): ProblemError {
  return new ProblemError(400, 'VALIDATION_FAILED', `${path} ${message}`, {
    errors: [{ path, message: `${path.split('.').at(-1)} ${message}` }],
  });
}
