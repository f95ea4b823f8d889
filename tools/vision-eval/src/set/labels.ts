import { SCENES, type Counts, type Scene, type Side } from '@teleop/vision-service';

/** One camera of a case: its files, relative to the folder, and what is to be seen in them. */
export interface LabelledCamera {
  readonly files: Readonly<Record<Side, readonly string[]>>;
  readonly counts: Readonly<Record<Side, Counts>>;
}

/** One turn. */
export interface LabelledCase {
  readonly id: string;
  readonly scene: Scene;
  /** Groups the figures, e.g. `clear`, `usual`, `hard`; anything. */
  readonly difficulty: string;
  readonly cameras: Readonly<Record<string, LabelledCamera>>;
}

export interface Labels {
  readonly note: string;
  readonly cases: readonly LabelledCase[];
}

export const LABELS_FILE = 'labels.json';

class BadLabels extends Error {
  override readonly name = 'BadLabels';
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;

function checkSide(camera: Json, side: Side, where: string): void {
  const files = isObject(camera['files']) ? camera['files'][side] : undefined;
  if (!Array.isArray(files) || files.length === 0 || !files.every((file) => typeof file === 'string')) {
    throw new BadLabels(`${where}.files.${side} must be a list of file names`);
  }
  const counts = isObject(camera['counts']) ? camera['counts'][side] : undefined;
  if (!isObject(counts) || !isCount(counts['left']) || !isCount(counts['right'])) {
    throw new BadLabels(`${where}.counts.${side} must be { left, right } with whole numbers`);
  }
}

/** Throws with the place of the first thing that is wrong. */
export function readLabels(text: string): Labels {
  const labels: unknown = JSON.parse(text);
  if (!isObject(labels) || !Array.isArray(labels['cases']))
    throw new BadLabels(`${LABELS_FILE} must hold { cases: [...] }`);
  labels['cases'].forEach((entry: unknown, index) => {
    const where = `cases[${index}]`;
    if (!isObject(entry) || typeof entry['id'] !== 'string')
      throw new BadLabels(`${where}.id must be a text`);
    if (!(SCENES as readonly unknown[]).includes(entry['scene'])) {
      throw new BadLabels(`${where}.scene must be one of ${SCENES.join(', ')}`);
    }
    const cameras = isObject(entry['cameras']) ? Object.entries(entry['cameras']) : [];
    if (cameras.length === 0) throw new BadLabels(`${where}.cameras must hold at least one camera`);
    for (const [name, camera] of cameras) {
      if (!isObject(camera)) throw new BadLabels(`${where}.cameras.${name} must be an object`);
      checkSide(camera, 'start', `${where}.cameras.${name}`);
      checkSide(camera, 'end', `${where}.cameras.${name}`);
    }
  });
  return labels as unknown as Labels;
}
