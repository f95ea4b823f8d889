import { BLOCK_ROWS, dotsFor, ONE, type Dots } from './dots';

export interface Enrolled {
  readonly studentIndex: number;
  /** Of the gallery's dimension; need not be normalised. */
  readonly vector: ArrayLike<number>;
}

export interface Match {
  studentIndex: number;
  /** Cosine of the probe with the student's nearest vector. */
  similarity: number;
  /** The same of the next best student; -1 where there is none. */
  runnerUp: number;
}

export interface GalleryOptions {
  /** False: plain JavaScript. By default WebAssembly where there is SIMD for it. */
  readonly simd?: boolean;
}

/** A cosine of 1 as a score. */
const SAME = ONE * ONE;

/**
 * The vectors of a session's students, all of length 1 and rounded to 16 bits a number, in one piece of memory. Several vectors a
 * student: the nearest counts.
 */
export class Gallery {
  readonly vectors: number;
  readonly students: number;
  private readonly dots: Dots;
  /** Of each row. */
  private readonly studentOf: Int32Array;
  private readonly found: Match = { studentIndex: -1, similarity: -1, runnerUp: -1 };

  /** Throws where a vector has another length than `dimension`, is zero or holds what is no number. */
  constructor(
    enrolled: readonly Enrolled[],
    readonly dimension: number,
    options: GalleryOptions = {},
  ) {
    this.vectors = enrolled.length;
    this.studentOf = Int32Array.from(enrolled, ({ studentIndex }) => studentIndex);
    this.students = new Set(this.studentOf).size;
    this.dots = dotsFor(enrolled.length, dimension, options.simd);
    const rounded = new Int16Array(dimension);
    enrolled.forEach(({ studentIndex, vector }, row) => {
      if (vector.length !== dimension)
        throw new RangeError(`a vector of ${vector.length} numbers, not ${dimension}`);
      if (!roundInto(rounded, vector)) {
        throw new RangeError(`a vector of student ${studentIndex} has no direction`);
      }
      this.dots.put(row, rounded);
    });
  }

  /**
   * The best student if their cosine reaches `threshold` and is `margin` above the second-best student's, else null. One pass, no
   * allocation: the object returned is the gallery's own and is overwritten by the next call.
   */
  match(probe: Float32Array, threshold: number, margin: number): Readonly<Match> | null {
    const { dots, studentOf, found } = this;
    if (probe.length !== this.dimension) {
      throw new RangeError(`a probe of ${probe.length} numbers, not ${this.dimension}`);
    }
    if (this.vectors === 0 || !roundInto(dots.probe, probe)) return null;
    dots.run();
    const { scores, highest } = dots;
    let best = -1;
    let similarity = -Infinity;
    let runnerUp = -Infinity;
    for (let block = 0; block < highest.length; block++) {
      // Nearly all of them.
      if ((highest[block] as number) <= runnerUp) continue;
      const end = Math.min(this.vectors, (block + 1) * BLOCK_ROWS);
      for (let row = block * BLOCK_ROWS; row < end; row++) {
        const score = scores[row] as number;
        if (score <= runnerUp) continue;
        const student = studentOf[row] as number;
        if (student === best) similarity = Math.max(similarity, score);
        else if (score > similarity) {
          runnerUp = similarity;
          similarity = score;
          best = student;
        } else runnerUp = score;
      }
    }
    // Rounding may carry a cosine a hair beyond one.
    found.similarity = clamp(similarity / SAME);
    found.runnerUp = this.students > 1 ? clamp(runnerUp / SAME) : -1;
    found.studentIndex = best;
    if (!(found.similarity >= threshold)) return null;
    return this.students === 1 || found.similarity - found.runnerUp >= margin ? found : null;
  }
}

function clamp(cosine: number): number {
  return Math.max(-1, Math.min(1, cosine));
}

/** Of length ONE. False, and nothing written, where there is no direction. */
function roundInto(target: Int16Array, vector: ArrayLike<number>): boolean {
  const length = lengthOf(vector);
  if (!hasDirection(length)) return false;
  const scale = ONE / length;
  for (let i = 0; i < vector.length; i++) target[i] = Math.round((vector[i] as number) * scale);
  return true;
}

function lengthOf(vector: ArrayLike<number>): number {
  // Two sums, as an addition waits for the one before it.
  let [even, odd] = [0, 0];
  for (let i = 0; i + 1 < vector.length; i += 2) {
    even += (vector[i] as number) ** 2;
    odd += (vector[i + 1] as number) ** 2;
  }
  const last = vector.length % 2 === 0 ? 0 : (vector[vector.length - 1] as number);
  return Math.sqrt(even + odd + last ** 2);
}

function hasDirection(length: number): boolean {
  return length > 1e-12 && Number.isFinite(length);
}
