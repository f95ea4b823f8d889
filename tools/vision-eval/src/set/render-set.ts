import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  conditionsOf,
  DIFFICULTIES,
  SCENES,
  seeded,
  takePicture,
  Tray,
  type Difficulty,
  type SideCounts,
} from '@teleop/sim-arm-robot';
import type { Scene, Side } from '@teleop/vision-service';
import { LABELS_FILE, type LabelledCamera, type LabelledCase, type Labels } from './labels';

export interface RenderOptions {
  readonly cases: number;
  /** Frames of each side, 1 to 5. */
  readonly frames: number;
  readonly seed: number;
}

const MAX_DOLLS = 5;
const FORMATS = ['webp', 'jpeg'] as const;
const QUALITY = 40;

interface Turn {
  readonly id: string;
  readonly scene: Scene;
  readonly difficulty: Difficulty;
  readonly cameras: number;
}

/** Moves some dolls, on most turns; on every fifth somebody takes one away, which must not be paid for. */
function play(tray: Tray, camera: number, index: number, random: () => number): void {
  const moves = index % 4 === 0 ? 0 : 1 + Math.floor(random() * 2);
  for (let move = 0; move < moves; move += 1) {
    const back = random() < 0.2;
    tray.move(camera, back ? 'right' : 'left', back ? 'left' : 'right');
  }
  if (index % 5 === 4 && camera === 0) tray.take(camera, tray.counts(camera).left > 0 ? 'left' : 'right');
}

async function renderTurn(
  folder: string,
  turn: Turn,
  options: RenderOptions,
  index: number,
): Promise<LabelledCase> {
  const random = seeded(options.seed * 1_000 + index);
  const some = () => Math.floor(random() * (MAX_DOLLS + 1));
  const counts: SideCounts[] = Array.from({ length: turn.cameras }, () => ({
    left: 1 + (some() % MAX_DOLLS),
    right: some(),
  }));
  const tray = Tray.with(counts, options.seed * 1_000 + index);
  const cameras: Record<string, LabelledCamera> = {};
  for (let camera = 0; camera < turn.cameras; camera += 1) {
    const seen: Partial<Record<Side, SideCounts>> = {};
    const files: Record<Side, string[]> = { start: [], end: [] };
    for (const side of ['start', 'end'] as const) {
      if (side === 'end') play(tray, camera, index, random);
      seen[side] = tray.counts(camera);
      for (let frame = 0; frame < options.frames; frame += 1) {
        const format = FORMATS[(index + frame) % FORMATS.length]!;
        const conditions = conditionsOf(turn.difficulty, random);
        const seed = Math.floor(random() * 2 ** 31);
        const picture = {
          scene: turn.scene,
          camera,
          dolls: tray.dolls,
          conditions,
          seed,
          format,
          quality: QUALITY,
        };
        const file = `${turn.id}-cam${camera + 1}-${side}-${frame + 1}.${format === 'jpeg' ? 'jpg' : format}`;
        await writeFile(path.join(folder, file), await takePicture(picture));
        files[side].push(file);
      }
    }
    cameras[`cam${camera + 1}`] = { files, counts: { start: seen.start!, end: seen.end! } };
  }
  return { id: turn.id, scene: turn.scene, difficulty: turn.difficulty, cameras };
}

/** A labelled set of the simulator's pictures: the same options give the same files. */
export async function renderSet(folder: string, options: RenderOptions): Promise<Labels> {
  await mkdir(folder, { recursive: true });
  const cases: LabelledCase[] = [];
  for (let index = 0; index < options.cases; index += 1) {
    const turn: Turn = {
      id: `turn${String(index + 1).padStart(2, '0')}`,
      scene: SCENES[index % SCENES.length]!,
      difficulty: DIFFICULTIES[Math.floor(index / SCENES.length) % DIFFICULTIES.length]!,
      cameras: index % 6 === 5 ? 2 : 1,
    };
    cases.push(await renderTurn(folder, turn, options, index));
  }
  const { frames, seed } = options;
  const note = `Rendered by tools/vision-eval: render --cases ${options.cases} --frames ${frames} --seed ${seed}`;
  const labels = { note, cases };
  await writeFile(path.join(folder, LABELS_FILE), `${JSON.stringify(labels, null, 2)}\n`);
  return labels;
}
