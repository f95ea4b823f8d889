import { InParts } from './in-parts';

describe('going round in parts', () => {
  it.each([0, 1, 3, 10, 101])('comes to each of %d once a round, and to few at once', (count) => {
    const all = Array.from({ length: count }, (_, index) => index);
    const round = new InParts(() => all, 10);
    for (let rounds = 0; rounds < 2; rounds += 1) {
      const seen: number[] = [];
      while (seen.length < count) {
        const part = round.next();
        expect(part.length).toBeLessThanOrEqual(Math.ceil(count / 10));
        seen.push(...part);
      }
      expect(seen.sort((a, b) => a - b)).toEqual(all);
    }
  });

  it('takes in what came since with the next round', () => {
    const all = new Set(['a']);
    const round = new InParts(() => all, 1);
    expect(round.next()).toEqual(['a']);
    all.add('b').delete('a');
    expect(round.next()).toEqual(['b']);
  });
});
