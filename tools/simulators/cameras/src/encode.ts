import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Ffmpeg } from '@teleop/infra';

const H264 = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-tune',
  'zerolatency',
  '-threads',
  '1',
  '-pix_fmt',
  'yuv420p',
];

/** Annex B, each frame begun by an access unit delimiter, parameters repeated at each key frame (one a second). */
export function toH264(ffmpeg: Ffmpeg, frames: readonly Buffer[], fps: number): Promise<Buffer> {
  const x264 = ['-g', String(fps), '-bf', '0', '-x264-params', 'repeat-headers=1:aud=1'];
  return run(
    ffmpeg,
    ['-f', 'mjpeg', '-framerate', String(fps), '-i', 'pipe:0', ...H264, ...x264, '-f', 'h264', 'pipe:1'],
    frames,
  );
}

/** A file that can be played while it is loaded. */
export async function toMp4(ffmpeg: Ffmpeg, frames: readonly Buffer[], fps: number): Promise<Buffer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sim-camera-'));
  try {
    const file = path.join(folder, 'loop.mp4');
    const output = [...H264, '-g', String(fps), '-movflags', '+faststart', file];
    await run(ffmpeg, ['-f', 'mjpeg', '-framerate', String(fps), '-i', 'pipe:0', ...output], frames);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A playlist and its pieces, by file name. */
export async function toHls(
  ffmpeg: Ffmpeg,
  frames: readonly Buffer[],
  fps: number,
): Promise<ReadonlyMap<string, Buffer>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sim-camera-'));
  try {
    const output = [...H264, '-g', String(fps), '-f', 'hls', '-hls_time', '1', '-hls_list_size', '0'];
    const input = ['-f', 'mjpeg', '-framerate', String(fps), '-i', 'pipe:0'];
    await run(ffmpeg, [...input, ...output, path.join(folder, 'index.m3u8')], frames);
    const files = await readdir(folder);
    const read = async (file: string) => [file, await readFile(path.join(folder, file))] as const;
    return new Map(await Promise.all(files.map(read)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(ffmpeg: Ffmpeg, args: readonly string[], frames: readonly Buffer[]): Promise<Buffer> {
  const child = spawn(ffmpeg.file, ['-hide_banner', '-loglevel', 'error', '-y', ...args], {
    env: { PATH: process.env['PATH'], LD_LIBRARY_PATH: ffmpeg.libraryPath },
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // It may end before it has read everything; why is in its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(Buffer.concat(frames));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new Error(`ffmpeg ended with ${code}: ${Buffer.concat(err).toString().slice(0, 500)}`));
    });
  });
}
