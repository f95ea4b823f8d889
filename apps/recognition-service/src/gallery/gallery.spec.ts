import fc from 'fast-check';
import { Gallery, type Enrolled } from './gallery';

/** The slow way: every student by themselves. */
function reference(
  enrolled: readonly Enrolled[],
  probe: ArrayLike<number>,
  threshold: number,
  margin: number,
) {
  const length = (v: ArrayLike<number>) => Math.sqrt(Array.from(v).reduce((sum, x) => sum + x * x, 0));
  const best = new Map<number, number>();
  for (const { studentIndex, vector } of enrolled) {
    const both = Array.from(vector).reduce((sum, x, i) => sum + x * (probe[i] ?? 0), 0);
    const cosine = both / (length(vector) * length(probe));
    best.set(studentIndex, Math.max(best.get(studentIndex) ?? -Infinity, cosine));
  }
  const [first, second] = [...best].sort((a, b) => b[1] - a[1]);
  if (first === undefined || first[1] < threshold) return null;
  if (second !== undefined && first[1] - second[1] < margin) return null;
  return { studentIndex: first[0], similarity: first[1], runnerUp: second?.[1] ?? -1 };
}

/** Of a cosine whose vectors were rounded to 16 bits: five times what it is usually off by. */
const LIMIT = 1e-4;
const sizes = fc.record({
  dimension: fc.constantFrom(3, 4, 16, 127, 128, 512),
  students: fc.integer({ min: 1, max: 12 }),
  vectors: fc.integer({ min: 1, max: 40 }),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
  threshold: fc.double({ min: -1, max: 1, noNaN: true }),
  margin: fc.double({ min: 0, max: 0.4, noNaN: true }),
});

function drawn({
  dimension,
  students,
  vectors,
  seed,
}: {
  dimension: number;
  students: number;
  vectors: number;
  seed: number;
}) {
  let state = seed;
  const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
  const vector = () => Float32Array.from({ length: dimension }, next);
  const enrolled = Array.from({ length: vectors }, () => ({
    studentIndex: Math.floor((next() + 0.5) * students),
    vector: vector(),
  }));
  return { enrolled, probe: vector() };
}

describe.each([
  ['WebAssembly', true],
  ['plain JavaScript', false],
])('a gallery in %s', (_, simd) => {
  it('finds whom the slow way finds, or nobody where it finds nobody', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const { enrolled, probe } = drawn(size);
        const expected = reference(enrolled, probe, size.threshold, size.margin);
        // Too near to the line.
        const any = reference(enrolled, probe, -2, -2);
        fc.pre(any !== null && Math.abs(any.similarity - size.threshold) > LIMIT);
        fc.pre(any !== null && Math.abs(any.similarity - any.runnerUp - size.margin) > LIMIT);
        const found = new Gallery(enrolled, size.dimension, { simd }).match(
          probe,
          size.threshold,
          size.margin,
        );
        if (expected === null) return expect(found).toBeNull();
        expect(found?.studentIndex).toBe(expected.studentIndex);
        expect(Math.abs(found!.similarity - expected.similarity)).toBeLessThan(LIMIT);
        expect(Math.abs(found!.runnerUp - expected.runnerUp)).toBeLessThan(LIMIT);
      }),
      { numRuns: 150 },
    );
  });

  it('answers the same to a probe of any length in the same direction', () => {
    const { enrolled, probe } = drawn({ dimension: 128, students: 5, vectors: 20, seed: 3 });
    const gallery = new Gallery(enrolled, 128, { simd });
    const first = { ...gallery.match(probe, -1, 0) };
    expect({
      ...gallery.match(
        probe.map((x) => x * 40),
        -1,
        0,
      ),
    }).toEqual({
      ...first,
      similarity: expect.closeTo(first.similarity ?? NaN, 6),
      runnerUp: expect.closeTo(first.runnerUp ?? NaN, 6),
    });
  });

  it('holds the nearest of a student’s vectors, not their mean, and the second best is another student', () => {
    const enrolled = [
      { studentIndex: 7, vector: [1, 0, 0, 0] },
      { studentIndex: 7, vector: [0.99, 0.1, 0, 0] },
      { studentIndex: 2, vector: [0, 1, 0, 0] },
      { studentIndex: 7, vector: [-1, 0, 0, 0] },
    ];
    const match = new Gallery(enrolled, 4, { simd }).match(Float32Array.of(1, 0, 0, 0), 0.9, 0.5);
    expect(match).toEqual({ studentIndex: 7, similarity: 1, runnerUp: 0 });
  });

  it('with one student has no runner-up and no margin', () => {
    const gallery = new Gallery([{ studentIndex: 0, vector: [0, 2] }], 2, { simd });
    expect(gallery.match(Float32Array.of(0, 1), 0.9, 0.9)).toEqual({
      studentIndex: 0,
      similarity: 1,
      runnerUp: -1,
    });
  });

  it('finds nobody when it is empty, or for a probe without direction', () => {
    expect(new Gallery([], 4, { simd }).match(Float32Array.of(1, 0, 0, 0), -1, 0)).toBeNull();
    const gallery = new Gallery([{ studentIndex: 0, vector: [1, 0] }], 2, { simd });
    expect(gallery.match(Float32Array.of(0, 0), -1, 0)).toBeNull();
    expect(gallery.match(Float32Array.of(NaN, 1), -1, 0)).toBeNull();
  });

  it('refuses vectors and probes of another length, and vectors without direction', () => {
    expect(() => new Gallery([{ studentIndex: 0, vector: [1, 0, 0] }], 2, { simd })).toThrow(
      'a vector of 3 numbers, not 2',
    );
    expect(() => new Gallery([{ studentIndex: 4, vector: [0, 0] }], 2, { simd })).toThrow(
      'of student 4 has no direction',
    );
    const gallery = new Gallery([{ studentIndex: 0, vector: [1, 0] }], 2, { simd });
    expect(() => gallery.match(Float32Array.of(1), 0, 0)).toThrow('a probe of 1 numbers, not 2');
  });
});
