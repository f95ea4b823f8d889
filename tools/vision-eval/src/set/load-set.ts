import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { frameOf, imageKind, MAX_FRAMES, type Frame, type MultiViews } from '@teleop/vision-service';
import { LABELS_FILE, readLabels, type LabelledCase } from './labels';

export interface LoadedCase {
  readonly label: LabelledCase;
  readonly views: MultiViews;
}

async function loadFrame(folder: string, file: string): Promise<Frame> {
  const bytes = await readFile(path.join(folder, file));
  const kind = imageKind(bytes);
  if (kind === undefined) throw new Error(`${file} is no JPEG, PNG or WebP`);
  return frameOf(bytes, kind);
}

/** Of a list the first five, as the service takes them. */
function loadSide(folder: string, files: readonly string[]): Promise<Frame[]> {
  return Promise.all(files.slice(0, MAX_FRAMES).map((file) => loadFrame(folder, file)));
}

/** A folder with labels.json and the frames that it names. */
export async function loadSet(folder: string): Promise<LoadedCase[]> {
  const { cases } = readLabels(await readFile(path.join(folder, LABELS_FILE), 'utf8'));
  return Promise.all(
    cases.map(async (label) => {
      const cameras = await Promise.all(
        Object.entries(label.cameras).map(async ([name, { files }]) => {
          const [start, end] = await Promise.all(
            [files.start, files.end].map((list) => loadSide(folder, list)),
          );
          return [name, { start: start!, end: end! }] as const;
        }),
      );
      return { label, views: new Map(cameras) };
    }),
  );
}
