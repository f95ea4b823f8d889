import type { Binary, Requirement } from './binary';
import { BinaryCache, cacheRoot, workspaceRoot } from './cache';
import { fromDebian } from './debian-packages';
import { fromPath } from './from-path';
import { climb } from './ladder';
import { atLeast } from './version';

/** `-fps_mode` came with 5.1. */
export const FFMPEG_MINIMUM = [5, 1] as const;

const requirement: Requirement = {
  label: 'ffmpeg 5.1 or newer',
  accepts: (version) => atLeast(version, FFMPEG_MINIMUM),
  versionOption: '-version',
  howToInstall:
    'Install ffmpeg 5.1 or newer (Debian, Ubuntu: apt-get install ffmpeg; macOS: brew install ffmpeg).',
  orElse: 'Or set FFMPEG_PATH to one.',
};

export interface Ffmpeg {
  readonly file: string;
  /** LD_LIBRARY_PATH it needs; empty when it is installed. */
  readonly libraryPath: string;
}

/**
 * What reads cameras. No npm package ships a current one (that of @ffmpeg-installer is of 2018, and ffmpeg-static downloads
 * from elsewhere), so: PATH, then Debian's packages unpacked without root (50 MB, once). Throws InfraError.
 */
export async function findFfmpeg(
  env: NodeJS.ProcessEnv = process.env,
  onProgress: (line: string) => void = () => undefined,
): Promise<Ffmpeg> {
  const cache = new BinaryCache(cacheRoot(env, workspaceRoot()));
  const found: Binary = await climb(
    requirement,
    'FFMPEG_PATH',
    [
      fromPath('ffmpeg', requirement, env['PATH'], ['/usr/local/bin']),
      fromDebian('ffmpeg', 'usr/bin/ffmpeg', requirement, cache),
    ],
    onProgress,
  );
  return { file: found.file, libraryPath: found.env['LD_LIBRARY_PATH'] ?? '' };
}
