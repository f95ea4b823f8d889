import type { Pixels } from './pixels';

const { max: larger } = Math;

/** The divide is in the middle of the picture; what only reaches into it is seen whole. */
const FROM = 0.36;
const TO = 0.64;
const MARGIN = 0.16;
/** Light differs from side to side: what is bright or dark is so by what lies around it, this share of the width. */
const AROUND = 0.1;
const DARK = 0.3;
const BRIGHT = 0.7;
/** A column belongs to a line, or to a gap, when so much of it does. */
const LEAST = 0.3;
/** The line is narrower than the arm. */
const LINE_WIDTH = 0.04;

/** Brightness of each column's pixels, top to bottom. */
function columnsOf({ data, width, height }: Pixels): Uint8Array[] {
  return Array.from({ length: width }, (_, x) => {
    const column = new Uint8Array(height);
    for (let y = 0; y < height; y += 1) {
      const at = (y * width + x) * 3;
      column[y] = larger(data[at]!, data[at + 1]!, data[at + 2]!);
    }
    return column;
  });
}

function share(column: Uint8Array, fits: (value: number) => boolean): number {
  let count = 0;
  for (const value of column) if (fits(value)) count += 1;
  return count / column.length;
}

/** How bright the lit ground is around each column: the brightest column's upper tenth. */
function lightAround(columns: readonly Uint8Array[]): number[] {
  const upper = columns.map((column) => [...column].sort((a, b) => a - b)[Math.floor(column.length * 0.9)]!);
  const reach = Math.round(columns.length * AROUND);
  return upper.map((_, x) => Math.max(...upper.slice(Math.max(0, x - reach), x + reach + 1)));
}

interface Run {
  readonly from: number;
  readonly width: number;
  /** Sum of its columns' shares. */
  readonly weight: number;
}

/** Neighbouring columns of which each has at least so large a share. */
function runsOf(shares: readonly number[], least: number): Run[] {
  const runs: Run[] = [];
  let open: { from: number; weight: number } | undefined;
  [...shares, 0].forEach((value, x) => {
    if (value >= least) open = { from: open?.from ?? x, weight: (open?.weight ?? 0) + value };
    else if (open !== undefined) {
      runs.push({ ...open, width: x - open.from });
      open = undefined;
    }
  });
  return runs;
}

const heaviest = (runs: readonly Run[]): Run | undefined =>
  runs.reduce<Run | undefined>(
    (best, run) => (best === undefined || run.weight > best.weight ? run : best),
    undefined,
  );

/**
 * The column that divides left from right: a black line, if there is one; else the middle of the gap between two bright
 * trays; else the middle of the picture.
 */
export function findDivide(pixels: Pixels): number {
  const { width } = pixels;
  const all = columnsOf(pixels);
  const light = lightAround(all);
  const from = Math.floor(width * (FROM - MARGIN));
  const part = all.slice(from, Math.ceil(width * (TO + MARGIN)));
  const centreOf = (run: Run) => from + run.from + (run.width - 1) / 2;
  const isInMiddle = (run: Run) => centreOf(run) >= width * FROM && centreOf(run) <= width * TO;
  const between = (low: number, high: number) =>
    part.map((column, index) => {
      const lit = light[from + index]!;
      return share(column, (value) => value >= lit * low && value < lit * high);
    });

  const lines = runsOf(between(0, DARK), LEAST).filter(
    (run) => run.width <= width * LINE_WIDTH && isInMiddle(run),
  );
  const line = heaviest(lines);
  if (line !== undefined) return centreOf(line);
  // The table between the trays; the arm above it is darker.
  const grey = between(DARK, BRIGHT);
  const greyest = Math.max(...grey.slice(width * MARGIN, -width * MARGIN));
  const gap = greyest > LEAST ? heaviest(runsOf(grey, greyest * 0.93).filter(isInMiddle)) : undefined;
  return gap === undefined ? width / 2 : centreOf(gap);
}
