import type { CameraState } from '@teleop/contracts';
import type { Clock } from '@teleop/service-kit';
import type { Frame } from '../engine/engine';
import { pause } from '../time/pause';
import type { CameraDesk, Opened } from './camera-desk';
import type { FrameSource, SourceEnd } from './frame-source';

export interface CameraSettings {
  readonly intervalMs: number;
  readonly startTimeoutMs: number;
  readonly silenceMs: number;
  readonly reconnectTries: number;
  readonly reconnectDelayMs: number;
  readonly reviveMs: number;
}

export interface CameraEvents {
  /** There is a picture to take. */
  readonly onFrame: () => void;
  readonly onState: (state: CameraState, reason: string | null) => void;
}

export interface TakenFrame {
  readonly frame: Frame;
  /** Monotonic milliseconds at which it had arrived. */
  readonly at: number;
}

/** A camera of a session: connected, connected again, given up, and looked for once in a while. Only its newest picture is kept. */
export class Camera {
  state: CameraState = 'RECONNECTING';
  failure: string | null = null;
  resolution: string | null = null;
  framesRead = 0;
  lastFrameAt: number | undefined;
  #newest: TakenFrame | undefined;
  #source: FrameSource | undefined;
  #running: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(
    private readonly url: string,
    private readonly desk: CameraDesk,
    private readonly settings: CameraSettings,
    private readonly events: CameraEvents,
    private readonly clock: Clock,
  ) {}

  /** Resolves with whether the first connection brought a picture; without one the camera is dead, and looked for like any other. */
  start(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#running = this.run(resolve);
    });
  }

  /** Starts without waiting: of a session that was taken over, each camera gets all its tries. */
  resume(state: CameraState): void {
    if (state === 'DEAD') this.state = 'DEAD';
    this.#running = this.run();
  }

  /** The newest picture that nobody has taken yet. */
  take(): TakenFrame | undefined {
    const newest = this.#newest;
    this.#newest = undefined;
    return newest;
  }

  /** A frame that was looked at: its memory is used again. */
  recycle(frame: Frame): void {
    this.#source?.recycle(frame.rgb);
  }

  get pid(): number | undefined {
    return this.#source?.pid;
  }

  /** Resolves when its process is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#source?.stop();
    await this.#running;
    this.#newest = undefined;
  }

  private async run(first?: (connected: boolean) => void): Promise<void> {
    const { reconnectTries, reconnectDelayMs, reviveMs } = this.settings;
    let failedTries = 0;
    let report = first;
    while (!this.stopped) {
      const end = await this.connection(() => {
        failedTries = 0;
        report?.(true);
        report = undefined;
      });
      if (this.stopped) break;
      // At the start a camera that brings nothing is not waited for any longer.
      if (report !== undefined) failedTries = reconnectTries;
      report?.(false);
      report = undefined;
      failedTries += 1;
      const isDead = this.state === 'DEAD' || failedTries > reconnectTries;
      this.enter(isDead ? 'DEAD' : 'RECONNECTING', end.reason);
      await pause(isDead ? reviveMs : reconnectDelayMs, this.#stopping.signal);
    }
    report?.(false);
  }

  private async connection(onFirst: () => void): Promise<SourceEnd> {
    const { intervalMs, startTimeoutMs, silenceMs } = this.settings;
    let isFirst = true;
    const onFrame = (frame: Frame, from: FrameSource): void => {
      if (this.stopped) return;
      if (isFirst) {
        isFirst = false;
        this.resolution = from.resolution ?? `${frame.width}x${frame.height}`;
        this.enter('ACTIVE', null);
        onFirst();
      }
      this.arrived(frame);
    };
    const opened = await this.opened({ intervalMs, startTimeoutMs, silenceMs, onFrame });
    if ('failed' in opened) return opened.failed;
    const { source } = opened;
    this.#source = source;
    if (this.stopped) await source.stop();
    return source.ended;
  }

  private async opened(wish: Parameters<CameraDesk['open']>[1]): Promise<Opened> {
    try {
      return await this.desk.open(this.url, wish);
    } catch (error) {
      // No ffmpeg, on a replica that took the session over: told like any camera that fails.
      return { failed: { reason: (error as Error).message, frames: 0 } };
    }
  }

  private arrived(frame: Frame): void {
    const unseen = this.#newest;
    if (unseen !== undefined) this.recycle(unseen.frame);
    this.framesRead += 1;
    this.lastFrameAt = this.clock.monotonic();
    this.#newest = { frame, at: this.lastFrameAt };
    this.events.onFrame();
  }

  private enter(state: CameraState, reason: string | null): void {
    this.failure = reason;
    if (state === this.state) return;
    this.state = state;
    this.events.onState(state, reason);
  }

  private get stopped(): boolean {
    return this.#stopping.signal.aborted;
  }
}
