import type { Ffmpeg } from '@teleop/infra';
import { toH264, toHls, toMp4 } from './encode';
import { accessUnits, type AccessUnit } from './rtsp/annex-b';
import { renderScene } from './scene/render';
import type { Scene } from './scene/scene';

/** The frames of a scene in the forms in which cameras send them; videos in files are made when they are asked for. */
export class Loop {
  #mp4: Promise<Buffer> | undefined;
  #hls: Promise<ReadonlyMap<string, Buffer>> | undefined;

  private constructor(
    readonly jpegs: readonly Buffer[],
    readonly h264: readonly AccessUnit[],
    private readonly ffmpeg: Ffmpeg,
    private readonly fps: number,
  ) {}

  static async of(scene: Scene, fps: number, ffmpeg: Ffmpeg): Promise<Loop> {
    const jpegs = await renderScene(scene);
    return new Loop(jpegs, accessUnits(await toH264(ffmpeg, jpegs, fps)), ffmpeg, fps);
  }

  mp4(): Promise<Buffer> {
    return (this.#mp4 ??= toMp4(this.ffmpeg, this.jpegs, this.fps));
  }

  /** `index.m3u8` and its pieces. */
  hls(): Promise<ReadonlyMap<string, Buffer>> {
    return (this.#hls ??= toHls(this.ffmpeg, this.jpegs, this.fps));
  }
}

const known = new WeakMap<Scene, Map<number, Promise<Loop>>>();

/** Several cameras that show one scene share its frames: encoding is what costs. */
export function loopOf(scene: Scene, fps: number, ffmpeg: Ffmpeg): Promise<Loop> {
  const byRate = known.get(scene) ?? new Map<number, Promise<Loop>>();
  known.set(scene, byRate);
  const loop = byRate.get(fps) ?? Loop.of(scene, fps, ffmpeg);
  byRate.set(fps, loop);
  return loop;
}
