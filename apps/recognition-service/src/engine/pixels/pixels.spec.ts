import fc from 'fast-check';
import type { Frame } from '../engine';
import { lineSampler } from './line-sampler';
import { shrinkInto } from './shrink';
import { cropOf, takeAnywhere, warpInto } from './warp';

const AS_IS = { mean: [0, 0, 0], scale: 1 } as const;

function frame(width: number, height: number, at: (x: number, y: number) => [number, number, number]): Frame {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rgb.set(at(x, y), (y * width + x) * 3);
  return { width, height, rgb };
}

describe('a shrunk frame', () => {
  it('is the mean of pixels from all over what each of its pixels covers', () => {
    const stripes = frame(8, 8, (x) => (x % 2 === 0 ? [0, 100, 200] : [100, 200, 0]));
    const planes = new Float32Array(3 * 16);
    shrinkInto(planes, 4, 4, stripes, 0.5, AS_IS);
    expect([...planes.subarray(0, 16)]).toEqual(Array(16).fill(50));
    expect([...planes.subarray(16, 32)]).toEqual(Array(16).fill(150));
    expect([...planes.subarray(32)]).toEqual(Array(16).fill(100));
  });

  it('leaves the rest of the planes as it was, and takes mean, scale and the order of colours into account', () => {
    const grey = frame(4, 4, () => [10, 20, 30]);
    const planes = new Float32Array(3 * 9).fill(-7);
    shrinkInto(planes, 3, 3, grey, 0.5, { mean: [10, 10, 10], scale: 0.1, bgr: true });
    const row = (plane: number, y: number) => [...planes.subarray(plane * 9 + y * 3, plane * 9 + y * 3 + 3)];
    expect(row(0, 0)).toEqual([2, 2, -7]);
    expect(row(1, 1)).toEqual([1, 1, -7]);
    expect(row(2, 0)).toEqual([0, 0, -7]);
    expect(row(2, 2)).toEqual([-7, -7, -7]);
  });
});

describe('a warped crop', () => {
  const slope = frame(40, 40, (x, y) => [x * 6, y * 6, 0]);

  it('has each pixel where the similarity puts it', () => {
    const planes = new Float32Array(3 * 64);
    // Twice as large, from (10, 20) on.
    warpInto(planes, 0, 8, slope, { a: 2, b: 0, tx: -20, ty: -40 }, AS_IS);
    for (const [x, y] of [
      [0, 0],
      [5, 2],
      [7, 7],
    ] as const) {
      expect(planes[y * 8 + x]).toBeCloseTo((10 + (x + 0.5) / 2 - 0.5) * 6, 3);
      expect(planes[64 + y * 8 + x]).toBeCloseTo((20 + (y + 0.5) / 2 - 0.5) * 6, 3);
    }
  });

  it('turned by a right angle has rows for columns', () => {
    const planes = new Float32Array(3 * 64);
    warpInto(planes, 0, 8, slope, { a: 0, b: 1, tx: 8, ty: 0 }, AS_IS);
    expect(planes[3 * 8 + 2]).toBeCloseTo(3 * 6, 3);
    expect(planes[64 + 3 * 8 + 2]).toBeCloseTo(5 * 6, 3);
  });

  it('is black beyond the frame', () => {
    const planes = new Float32Array(3 * 16).fill(9);
    warpInto(planes, 0, 4, slope, { a: 1, b: 0, tx: 500, ty: 500 }, AS_IS);
    expect([...planes]).toEqual(Array(48).fill(0));
  });

  it('does not break a pattern up that is finer than its pixels', () => {
    const fine = frame(64, 64, (x, y) => ((x + y) % 2 === 0 ? [255, 255, 255] : [0, 0, 0]));
    const planes = new Float32Array(3 * 64);
    warpInto(planes, 0, 8, fine, { a: 1 / 8, b: 0, tx: 0, ty: 0 }, AS_IS);
    for (const value of planes) expect(Math.abs(value - 127.5)).toBeLessThan(16);
  });

  it('is the same taken line by line as taken sample by sample', () => {
    const random = frame(160, 120, () => [0, 0, 0]);
    random.rgb.forEach((_, index) => (random.rgb[index] = (index * 2_654_435_761) >>> 24));
    // Not fc.double, whose numbers are nearly all next to 0.
    const hundredths = (min: number, max: number) =>
      fc.integer({ min: min * 100, max: max * 100 }).map((value) => value / 100);
    const crops = fc.record({
      side: fc.integer({ min: 1, max: 40 }),
      scale: fc.oneof(hundredths(0.12, 1), hundredths(0.5, 4)),
      turn: hundredths(-4, 4),
      x: hundredths(10, 150),
      y: hundredths(10, 110),
      bgr: fc.boolean(),
    });
    let within = 0;
    fc.assert(
      fc.property(crops, ({ side, scale, turn, x, y, bgr }) => {
        const [a, b] = [scale * Math.cos(turn), scale * Math.sin(turn)];
        const toCrop = { a, b, tx: side / 2 - (a * x - b * y), ty: side / 2 - (b * x + a * y) };
        const range = { mean: [127, 120, 110], scale: 1 / 128, bgr } as const;
        const [fast, slow] = [new Float32Array(3 * side * side + 5), new Float32Array(3 * side * side + 5)];
        const crop = cropOf(5, side, toCrop, range);
        takeAnywhere(slow, random, crop);
        if (lineSampler?.take(fast, random, crop) !== true) return;
        within += 1;
        const worst = fast.reduce((most, value, index) => Math.max(most, Math.abs(value - slow[index]!)), 0);
        // Nearest pixels of noise are far from interpolated ones; the mean of many is not.
        expect(worst).toBeLessThan(crop.samples < 3 ? 0.05 : 0.5);
      }),
      { numRuns: 400 },
    );
    expect(within).toBeGreaterThan(100);
  });
});
