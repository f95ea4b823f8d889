import sharp from 'sharp';
import type { DetectedFace, Frame, RecognitionEngine } from '../engine/engine';

/* Faces that need no model: squares of a colour. What is tested with them is everything around the engine. */

const HUES = 12;
const GRID = 4;
export const DIMENSION = 16;
const MODEL = { name: 'colour-faces', version: '1', dimension: DIMENSION };
/** The hue that is always taken for a badly lit face. */
const UNCLEAR = 11;
/** The hue of a photograph of a person, held up in front of the camera. */
const NOT_ALIVE = 10;

/** A person's picture: a square with a bright frame, so that neighbours do not melt together. */
export async function personPicture(person: number, size = 120): Promise<Buffer> {
  const { r, g, b } = colourOf(person);
  return sharp({ create: { width: size, height: size, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
}

/** A photo as somebody enrols with: one face on grey. */
export async function personPhoto(...people: number[]): Promise<Buffer> {
  const pictures = await Promise.all(people.map((person) => personPicture(person)));
  const background = { r: 70, g: 70, b: 70 };
  return sharp({ create: { width: 200 + 200 * people.length, height: 240, channels: 3, background } })
    .composite(pictures.map((input, at) => ({ input, left: 60 + at * 200, top: 60 })))
    .jpeg()
    .toBuffer();
}

/** The vector of a person; what belongs to no person is far from all of them. */
export function vectorOf(person: number): number[] {
  return Array.from({ length: DIMENSION }, (_, at) => (at === person ? 1 : 0));
}

function colourOf(person: number): { r: number; g: number; b: number } {
  const hue = (person / HUES) * 6;
  const x = Math.round(220 * (1 - Math.abs((hue % 2) - 1)));
  const [r, g, b] = [
    [220, x, 0],
    [x, 220, 0],
    [0, 220, x],
    [0, x, 220],
    [x, 0, 220],
    [220, 0, x],
  ][Math.floor(hue)] as [number, number, number];
  return { r, g, b };
}

/** The person of a pixel; -1: no person, only a room. */
function personAt(rgb: Uint8Array, at: number): number {
  const [r, g, b] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
  const [max, min] = [Math.max(r, g, b), Math.min(r, g, b)];
  if (max - min < 110) return -1;
  const step = max - min;
  const hue = max === r ? ((g - b) / step + 6) % 6 : max === g ? (b - r) / step + 2 : (r - g) / step + 4;
  return Math.round((hue / 6) * HUES) % HUES;
}

export interface ColourEngineOptions {
  readonly millis?: number;
  readonly onAnalyse?: () => void;
}

/** An engine whose faces are squares of a colour. */
export class ColourEngine implements RecognitionEngine {
  readonly info = { backend: 'colours', model: MODEL, detector: 'squares', threads: 2 };
  isClosed = false;

  constructor(private readonly options: ColourEngineOptions = {}) {}

  async analyse(
    frame: Frame,
    { liveness = false, signal }: { liveness?: boolean; signal?: AbortSignal } = {},
  ) {
    this.options.onAnalyse?.();
    signal?.throwIfAborted();
    if (this.options.millis !== undefined)
      await new Promise((resolve) => setTimeout(resolve, this.options.millis));
    return { faces: facesIn(frame, liveness), millis: this.options.millis ?? 1, frame };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

function facesIn({ width, height, rgb }: Frame, liveness: boolean): DetectedFace[] {
  const columns = Math.floor(width / GRID);
  const rows = Math.floor(height / GRID);
  const cells = Int8Array.from({ length: columns * rows }, (_, cell) => {
    const [x, y] = [(cell % columns) * GRID + 2, Math.floor(cell / columns) * GRID + 2];
    return personAt(rgb, (y * width + x) * 3);
  });
  const faces: DetectedFace[] = [];
  for (let cell = 0; cell < cells.length; cell += 1) {
    if (cells[cell]! < 0) continue;
    const area = flood(cells, columns, cell);
    // The rim of a square is a mixture of colours after H.264.
    if (area.cells >= 25) faces.push(faceOf(area, liveness));
  }
  return faces;
}

interface Area {
  readonly person: number;
  readonly cells: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function flood(cells: Int8Array, columns: number, start: number): Area {
  const votes = new Array<number>(HUES).fill(0);
  const open = [start];
  let [left, top, right, bottom, count] = [columns, Number.MAX_SAFE_INTEGER, 0, 0, 0];
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    const person = cells[cell]!;
    if (person < 0) continue;
    cells[cell] = -1;
    votes[person]! += 1;
    count += 1;
    const [x, y] = [cell % columns, Math.floor(cell / columns)];
    [left, right, top, bottom] = [
      Math.min(left, x),
      Math.max(right, x),
      Math.min(top, y),
      Math.max(bottom, y),
    ];
    if (x > 0) open.push(cell - 1);
    if (x < columns - 1) open.push(cell + 1);
    if (cell >= columns) open.push(cell - columns);
    if (cell + columns < cells.length) open.push(cell + columns);
  }
  return { person: votes.indexOf(Math.max(...votes)), cells: count, left, top, right, bottom };
}

function faceOf({ person, left, top, right, bottom }: Area, liveness: boolean): DetectedFace {
  const [x, y, width, height] = [left, top, right - left + 1, bottom - top + 1].map(
    (cells) => cells * GRID,
  ) as [number, number, number, number];
  const brightness = person === UNCLEAR ? 0.05 : 0.9;
  return {
    box: { x, y, width, height },
    score: 0.99,
    landmarks: [],
    quality: { size: 0.9, sharpness: 0.9, pose: 0.9, brightness, overall: brightness },
    embedding: person === UNCLEAR ? null : Float32Array.from(vectorOf(person)),
    liveness: liveness ? (person === NOT_ALIVE ? 0.1 : 0.9) : null,
  };
}

export const PEOPLE = { unclear: UNCLEAR, notAlive: NOT_ALIVE };
