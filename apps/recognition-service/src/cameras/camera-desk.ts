import { Inject, Injectable } from '@nestjs/common';
import { Clock, InjectConfig, Logger, LOGGER, ProblemError } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';
import { AllowList } from '../network/address-rules';
import { HostRefused, HostUnknown, resolveHost } from '../network/resolve-host';
import { BadCameraUrl, parseCameraUrl } from './camera-url';
import { CameraUnreachable, findStream } from './find-stream';
import { FfmpegProgram } from './ffmpeg';
import { FrameSource, type FrameSourceOptions, type SourceEnd } from './frame-source';

type SourceWish = Omit<FrameSourceOptions, 'ffmpeg' | 'maxWidth'> & { readonly maxWidth?: number };

/** A connection that did not come about ends like one that did. */
export type Opened = { readonly source: FrameSource } | { readonly failed: SourceEnd };

/** Opens cameras by the rules of this installation. */
@Injectable()
export class CameraDesk {
  readonly #allowed: AllowList;
  readonly #allowFile: boolean;

  constructor(
    @InjectConfig() private readonly config: RecognitionConfig,
    private readonly ffmpeg: FfmpegProgram,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#allowed = new AllowList(config.CAMERA_HOSTS, config.HOST_LOOKUP_MS);
    this.#allowFile = config.NODE_ENV !== 'production';
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
      const startTimeoutMs = deadline - this.clock.monotonic();
      if (startTimeoutMs <= 0) throw new CameraUnreachable('timed out');
      const options = { maxWidth: this.config.CAMERA_MAX_WIDTH, ...wish, startTimeoutMs, ffmpeg };
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
