import type { Socket } from 'node:net';
import type { Ffmpeg } from '@teleop/infra';
import { toH264, toMp4 } from './encode';
import { accessUnits, nalType, type AccessUnit } from './rtsp/annex-b';
import { renderScene } from './scene/render';
import type { Scene } from './scene/scene';

export interface SimCameraOptions {
  readonly name: string;
  readonly scene: Scene;
  readonly fps?: number;
  /** `user:password`, asked for by Basic authentication. */
  readonly credentials?: string;
}

interface Loop {
  readonly jpegs: readonly Buffer[];
  readonly h264: readonly AccessUnit[];
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
  #loop: Loop = { jpegs: [], h264: [] };
  #mp4: Promise<Buffer> | undefined;
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
    const jpegs = await renderScene(scene);
    const h264 = accessUnits(await toH264(this.ffmpeg, jpegs, this.fps));
    this.#loop = { jpegs, h264 };
    this.#mp4 = undefined;
    this.#index = 0;
  }

  mp4(): Promise<Buffer> {
    return (this.#mp4 ??= toMp4(this.ffmpeg, this.#loop.jpegs, this.fps));
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
    if (this.state !== 'live' || this.#loop.jpegs.length === 0) return;
    for (const viewer of this.#viewers) viewer(this.#loop, this.#index);
    this.#index = (this.#index + 1) % this.#loop.jpegs.length;
  }
}
