import { spawn, type ChildProcess } from 'node:child_process';
import type { Frame } from '../engine/engine';
import { failureWords, resolutionIn } from './failure-words';
import { ffmpegCommand, type PictureWish } from './ffmpeg-command';
import { NotPpm, PpmReader } from './ppm-reader';
import type { Stream } from './stream';

export interface Ffmpeg {
  readonly file: string;
  readonly libraryPath: string;
}

export interface FrameSourceOptions extends PictureWish {
  readonly ffmpeg: Ffmpeg;
  /** By which it gets at HTTP. */
  readonly proxyUrl: string;
  /** Milliseconds to the first picture. */
  readonly startTimeoutMs: number;
  /** Milliseconds between two. */
  readonly silenceMs: number;
  readonly onFrame: (frame: Frame, source: FrameSource) => void;
}

export interface SourceEnd {
  readonly reason: string;
  readonly frames: number;
}

/** A time-out that comes this late says nothing of the camera; it gets so long to be heard. */
const LATE_MS = 200;
const CATCH_UP_MS = 1_000;
const OUTPUT_KEPT = 8 * 1024;

/** One connection to a camera: an ffmpeg of our own, always drained, ended when it falls silent. */
export class FrameSource {
  /** Resolves when the process is gone, whatever ended it. */
  readonly ended: Promise<SourceEnd>;
  readonly #child: ChildProcess;
  readonly #reader: PpmReader;
  #output = '';
  #frames = 0;
  #reason: string | undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: Stream,
    private readonly options: FrameSourceOptions,
  ) {
    const { args, input } = ffmpegCommand(stream, options);
    this.#reader = new PpmReader((frame) => this.took(frame));
    this.#child = spawn(options.ffmpeg.file, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Nothing of our environment is its business: there are secrets in it.
      env: {
        PATH: process.env['PATH'],
        LD_LIBRARY_PATH: options.ffmpeg.libraryPath,
        LC_ALL: 'C',
        http_proxy: options.proxyUrl,
      },
    });
    this.ended = this.watch();
    // A process that could not be started, or that ended at once, does not read; `ended` says why.
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stdin?.end(input);
    this.expect(options.startTimeoutMs, 'no picture in time');
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** As the camera sends them; undefined until it has said so. */
  get resolution(): string | undefined {
    return resolutionIn(this.#output);
  }

  recycle(buffer: Uint8Array): void {
    this.#reader.recycle(buffer);
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.end('stopped');
    await this.ended;
  }

  private watch(): Promise<SourceEnd> {
    const child = this.#child;
    child.stdout?.on('data', (chunk: Buffer) => {
      if (this.#reason === undefined) this.read(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString('latin1')).slice(-OUTPUT_KEPT);
    });
    return new Promise((resolve) => {
      const done = (reason: string): void => {
        clearTimeout(this.#watchdog);
        this.stream.close?.();
        resolve({ reason: this.#reason ?? reason, frames: this.#frames });
      };
      child.once('error', () => done('ffmpeg could not be started'));
      child.once('close', () => done(failureWords(this.#output)));
    });
  }

  private read(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
    } catch (error) {
      if (!(error instanceof NotPpm)) throw error;
      this.end('not a video');
    }
  }

  private took(frame: Frame): void {
    this.#frames += 1;
    this.expect(this.options.silenceMs, 'no pictures any more');
    this.options.onFrame(frame, this);
  }

  private expect(ms: number, orElse: string): void {
    clearTimeout(this.#watchdog);
    const due = performance.now() + ms;
    this.#watchdog = setTimeout(() => {
      // Held up ourselves: what the camera sent meanwhile has yet to be read.
      if (performance.now() - due > LATE_MS) this.expect(CATCH_UP_MS, orElse);
      else this.end(orElse);
    }, ms);
  }

  /** It has nothing to finish, and one that hangs in a read would not hear a friendlier signal. */
  private end(reason: string): void {
    this.#reason ??= reason;
    clearTimeout(this.#watchdog);
    this.#child.kill('SIGKILL');
  }
}
