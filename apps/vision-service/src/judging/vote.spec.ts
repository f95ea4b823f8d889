import { majority } from './majority';
import { voteCamera } from './vote';

const c = (left: number, right: number) => ({ left, right });

describe('a majority', () => {
  it.each([
    [[3, 3, 2], 3, 2 / 3],
    [[1, 2, 1, 2, 1], 1, 3 / 5],
    [[4], 4, 1],
    [[0, 0], 0, 1],
  ])('of %j is %j', (readings, value, agreement) => {
    expect(majority(readings)).toEqual({ value, agreement });
  });

  it('is more than half: a tie, or the largest minority, is none', () => {
    expect(majority([1, 2])).toEqual({ value: undefined, agreement: 0.5 });
    expect(majority([1, 1, 2, 2]).value).toBeUndefined();
    expect(majority([1, 1, 2, 3]).value).toBeUndefined();
    expect(majority([1, 1, 2, 3, 4]).value).toBeUndefined();
  });

  it('counts a frame that could not be read as one that does not agree', () => {
    expect(majority([1, 1, undefined]).value).toBe(1);
    expect(majority([1, 1, undefined, undefined])).toEqual({ value: undefined, agreement: 0.5 });
    expect(majority([undefined, undefined])).toEqual({ value: undefined, agreement: 0 });
    expect(majority([])).toEqual({ value: undefined, agreement: 0 });
  });
});

describe('the vote over the frames of a camera', () => {
  it('takes each side of each picture by itself, and says how far the frames agree', () => {
    const vote = voteCamera({
      start: [c(3, 0), c(3, 1), c(2, 0)],
      end: [c(1, 2), c(1, 2), c(1, 2)],
    });
    // No single frame saw all of it: left by 2 of 3, right by 2 others of 3.
    expect(vote.counts).toEqual({ start: c(3, 0), end: c(1, 2) });
    expect(vote.agreement).toEqual({ start: { left: 0.667, right: 0.667 }, end: { left: 1, right: 1 } });
  });

  it('abstains on a side of which one count has no majority', () => {
    const vote = voteCamera({ start: [c(3, 0), c(2, 0)], end: [c(1, 2), c(1, 2)] });
    expect(vote.counts).toEqual({ end: c(1, 2) });
  });
});
