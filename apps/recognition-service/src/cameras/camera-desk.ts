import { Injectable } from '@nestjs/common';
import { InjectConfig, ProblemError } from '@teleop/service-kit';
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

  /** Throws ProblemError 503 CAMERAS_UNAVAILABLE where there is no ffmpeg. */
  async open(text: string, wish: SourceWish): Promise<Opened> {
    const ffmpeg = this.ffmpeg.get();
    try {
      const { url, kind } = parseCameraUrl(text, this.#allowFile);
      const stream = await findStream(url, kind, this.#allowed, AbortSignal.timeout(wish.startTimeoutMs));
      return { source: new FrameSource(stream, { maxWidth: this.config.CAMERA_MAX_WIDTH, ...wish, ffmpeg }) };
    } catch (error) {
      return { failed: { reason: wordsFor(error), frames: 0 } };
    }
  }
}

function refused(path: string, message: string): ProblemError {
  return new ProblemError(400, 'VALIDATION_FAILED', `${path} ${message}`, {
    errors: [{ path, message: `${path.split('.').at(-1)} ${message}` }],
  });
}

function wordsFor(error: unknown): string {
  if (error instanceof CameraUnreachable) return error.message;
  if (error instanceof HostUnknown) return 'unreachable';
  if (error instanceof HostRefused || error instanceof BadCameraUrl) return 'not allowed';
  throw error;
}
