import type { Pixels } from './pixels';

const { max: larger } = Math;

const DARK = 55;
const BRIGHT = 125;
/** The divide is looked for in the middle of the picture. */
const FROM = 0.36;
const TO = 0.64;
/** A column belongs to a line when so much of it is dark. */
const LINE = 0.35;

function share(pixels: Pixels, x: number, fits: (value: number) => boolean): number {
  const { data, width, height } = pixels;
  let count = 0;
  for (let y = 0; y < height; y += 1) {
    const at = (y * width + x) * 3;
    if (fits(larger(data[at]!, data[at + 1]!, data[at + 2]!))) count += 1;
  }
  return count / height;
}

/**
 * The column that divides left from right: a black line, if there is one; else the middle of the gap between two bright
 * trays; else the middle of the picture.
 */
export function findDivide(pixels: Pixels): number {
  const from = Math.floor(pixels.width * FROM);
  const columns = Array.from({ length: Math.ceil(pixels.width * (TO - FROM)) }, (_, index) => from + index);
  const dark = columns.map((x) => share(pixels, x, (value) => value < DARK));
  const darkest = Math.max(...dark);
  if (darkest > LINE) return middleOf(columns, dark, darkest * 0.6);
  const grey = columns.map((x) => 1 - share(pixels, x, (value) => value > BRIGHT));
  const greyest = Math.max(...grey);
  return greyest > LINE ? middleOf(columns, grey, greyest * 0.93) : pixels.width / 2;
}

function middleOf(columns: readonly number[], values: readonly number[], least: number): number {
  const chosen = columns.filter((_, index) => values[index]! >= least);
  return chosen.reduce((sum, x) => sum + x, 0) / chosen.length;
}
