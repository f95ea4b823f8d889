import { bestOfEach, intersectionOverUnion } from './boxes';

const at = (x: number, score = 1) => ({ box: { x, y: 0, width: 10, height: 10 }, score });

describe('boxes', () => {
  it.each([
    [0, 1],
    [5, 1 / 3],
    [10, 0],
    [50, 0],
  ])('of 10 × 10 that lie %i apart share %d of both', (x, share) => {
    expect(intersectionOverUnion(at(0).box, at(x).box)).toBeCloseTo(share);
  });

  it('that lie on each other are one, the surest', () => {
    const found = [at(0, 0.6), at(2, 0.9), at(40, 0.7), at(3, 0.5)];
    expect(bestOfEach(found, 0.3)).toEqual([at(2, 0.9), at(40, 0.7)]);
  });
});
