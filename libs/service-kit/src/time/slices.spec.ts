import fc from 'fast-check';
import { slices } from './slices';

async function all<T>(items: readonly T[], size: number): Promise<(readonly T[])[]> {
  const seen: (readonly T[])[] = [];
  for await (const slice of slices(items, size)) seen.push(slice);
  return seen;
}

describe('a list in slices', () => {
  it('is the list, in its order, in slices of the size asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 20 }), async (items, size) => {
        const seen = await all(items, size);
        expect(seen.flat()).toEqual(items);
        expect(seen.slice(0, -1).every((slice) => slice.length === size)).toBe(true);
        expect(seen).toHaveLength(Math.ceil(items.length / size));
      }),
    );
  });

  it('lets the rest of the process have its turn between two slices', async () => {
    const seen: string[] = [];
    for await (const [item] of slices(['a', 'b', 'c'], 1)) {
      seen.push(`slice ${item}`);
      setImmediate(() => seen.push('another'));
    }
    expect(seen).toEqual(['slice a', 'another', 'slice b', 'another', 'slice c']);
  });
});
