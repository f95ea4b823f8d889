import type { Socket } from 'node:net';
import type { Ffmpeg } from '@teleop/infra';
import { loopOf, type Loop } from './loop';
import { nalType, type AccessUnit } from './rtsp/annex-b';
import type { Scene } from './scene/scene';

export interface SimCameraOptions {
  readonly name: string;
  readonly scene: Scene;
  readonly fps?: number;
  /** `user:password`, asked for by Basic authentication. */
  readonly credentials?: string;
}

interface Kinds {
  readonly jpeg: Buffer;
  readonly h264: AccessUnit;
}

const KEY_FRAME = 5;

/** One camera: a clock that shows the frames of its scene to whoever is connected. */
export class SimCamera {
  /** `dead`: nobody gets in, and who was in is thrown out; `frozen`: connections stand and nothing comes. */
  state: 'live' | 'dead' | 'frozen' = 'live';
  readonly connections = new Set<Socket>();
  readonly #viewers = new Set<(loop: Loop, index: number) => void>();
  #loop: Loop | undefined;
  #index = 0;
  #clock: NodeJS.Timeout | undefined;

  constructor(
    readonly options: SimCameraOptions,
    private readonly ffmpeg: Ffmpeg,
  ) {}

  get fps(): number {
    return this.options.fps ?? 5;
  }

  get loop(): Loop {
    if (this.#loop === undefined) throw new Error('the camera has not started');
    return this.#loop;
  }

  /** Resolves when it can be connected to. */
  async start(): Promise<void> {
    await this.show(this.options.scene);
    this.#clock = setInterval(() => this.tick(), 1_000 / this.fps);
  }

  stop(): void {
    clearInterval(this.#clock);
    this.die();
  }

  /** Shows another scene, of the same size, to whoever is connected. */
  async show(scene: Scene): Promise<void> {
    this.#loop = await loopOf(scene, this.fps, this.ffmpeg);
    this.#index = 0;
  }

  die(): void {
    this.state = 'dead';
    for (const socket of this.connections) socket.destroy();
  }

  freeze(): void {
    this.state = 'frozen';
  }

  revive(): void {
    this.state = 'live';
  }

  /** Calls `show` with each frame until the returned function is called; H.264 begins at a key frame. */
  onFrame<K extends keyof Kinds>(kind: K, show: (frame: Kinds[K]) => void): () => void {
    let begun = kind === 'jpeg';
    const viewer = (loop: Loop, index: number): void => {
      const frame = (kind === 'jpeg' ? loop.jpegs : loop.h264)[index] as Kinds[K];
      begun ||= (frame as AccessUnit).some((nal) => nalType(nal) === KEY_FRAME);
      if (begun) show(frame);
    };
    this.#viewers.add(viewer);
    return () => void this.#viewers.delete(viewer);
  }

  private tick(): void {
    if (this.state !== 'live') return;
    for (const viewer of this.#viewers) viewer(this.loop, this.#index);
    this.#index = (this.#index + 1) % this.loop.jpegs.length;
  }
}
