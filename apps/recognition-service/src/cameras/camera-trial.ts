import { Injectable } from '@nestjs/common';
import type { CameraTest, CapturedFrame } from '@teleop/contracts';
import { Clock, InjectConfig, ProblemError } from '@teleop/service-kit';
import sharp from 'sharp';
import { backendTime } from '../api/backend-time';
import type { RecognitionConfig } from '../config';
import type { Frame } from '../engine/engine';
import { CameraDesk } from './camera-desk';
import type { FrameSource } from './frame-source';

/** Width to which pictures are made that are only counted. */
const COUNTED_WIDTH = 64;
/** A gap this much longer than the usual one is a stutter. */
const STUTTER = 4;
const STUTTER_MIN_MS = 1_000;

/** From one picture nobody can tell whether a camera is steady: a late one is looked at beyond the time-out. */
const LEAST_LOOK_MS = 500;

interface Watched {
  readonly times: readonly number[];
  readonly first: Frame | undefined;
  readonly resolution: string | undefined;
  readonly reason: string;
}

/** A look at a camera that belongs to no session. */
@Injectable()
export class CameraTrial {
  #running = 0;

  constructor(
    private readonly desk: CameraDesk,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: RecognitionConfig,
  ) {}

  /** Throws ProblemError: 400 for a URL that may not be connected to, 429 TOO_MANY_CAMERA_TESTS, 503 CAMERAS_UNAVAILABLE. */
  async test(url: string, timeoutMs: number): Promise<CameraTest> {
    const beganAt = this.clock.monotonic();
    const { times, resolution } = await this.watch(url, timeoutMs, this.config.CAMERA_TEST_MS, COUNTED_WIDTH);
    const first = times[0];
    return {
      connected: first !== undefined,
      frameRate: frameRate(times),
      resolution: resolution ?? null,
      latency: first === undefined ? null : Math.round(first - beganAt),
      stability: isStable(times) ? 'stable' : 'unstable',
      testedAt: this.time(),
    };
  }

  /** Throws as `test` does, and 422 CAMERA_UNREACHABLE. */
  async capture(url: string, timeoutMs: number): Promise<CapturedFrame> {
    const { first, resolution, reason } = await this.watch(url, timeoutMs, 0, this.config.CAMERA_MAX_WIDTH);
    if (first === undefined) {
      throw new ProblemError(422, 'CAMERA_UNREACHABLE', `The camera gave no picture: ${reason}`);
    }
    const { width, height, rgb } = first;
    const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: this.config.EVIDENCE_JPEG_QUALITY })
      .toBuffer();
    return {
      image: `data:image/jpeg;base64,${jpeg.toString('base64')}`,
      resolution: resolution ?? `${width}x${height}`,
      capturedAt: this.time(),
    };
  }

  private time(): string {
    return backendTime(new Date(this.clock.now()));
  }

  /** Pictures of a camera until `forMs` after the first one. */
  private async watch(url: string, timeoutMs: number, forMs: number, maxWidth: number): Promise<Watched> {
    await this.desk.judge(url, 'rtspUrl');
    if (this.#running >= this.config.CAMERA_MAX_TRIALS) {
      throw new ProblemError(429, 'TOO_MANY_CAMERA_TESTS', 'Other cameras are being tested; try again', {
        headers: { 'retry-after': '2' },
      });
    }
    this.#running += 1;
    try {
      return await this.look(url, timeoutMs, forMs, maxWidth);
    } finally {
      this.#running -= 1;
    }
  }

  private async look(url: string, timeoutMs: number, forMs: number, maxWidth: number): Promise<Watched> {
    const times: number[] = [];
    let first: Frame | undefined;
    let enough: NodeJS.Timeout | undefined;
    const deadline = this.clock.monotonic() + timeoutMs;
    const onFrame = (frame: Frame, from: FrameSource): void => {
      times.push(this.clock.monotonic());
      if (first !== undefined) return from.recycle(frame.rgb);
      first = frame;
      const left = Math.max(deadline - this.clock.monotonic(), LEAST_LOOK_MS);
      enough = setTimeout(() => void from.stop(), Math.min(forMs, left));
    };
    const opened = await this.desk.open(url, {
      intervalMs: 0,
      maxWidth,
      startTimeoutMs: timeoutMs,
      silenceMs: timeoutMs,
      onFrame,
    });
    if ('failed' in opened) return { times, first, resolution: undefined, reason: opened.failed.reason };
    const { source } = opened;
    const { reason } = await source.ended;
    clearTimeout(enough);
    return { times, first, resolution: source.resolution, reason };
  }
}

function frameRate(times: readonly number[]): number | null {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || last <= first) return null;
  return Math.round(((times.length - 1) * 10_000) / (last - first)) / 10;
}

function isStable(times: readonly number[]): boolean {
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  if (gaps.length === 0) return false;
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)]!;
  return Math.max(...gaps) <= Math.max(STUTTER_MIN_MS, usual * STUTTER);
}
