import { dotsFor, type Dots } from './dots';

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

/** The vectors of a session's students, all L2-normalised, in one piece of memory. Several vectors a student: the nearest counts. */
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
    enrolled.forEach(({ studentIndex, vector }, row) => {
      if (vector.length !== dimension)
        throw new RangeError(`a vector of ${vector.length} numbers, not ${dimension}`);
      const at = row * this.dots.stride;
      if (!normaliseInto(this.dots.rows.subarray(at, at + dimension), vector)) {
        throw new RangeError(`a vector of student ${studentIndex} has no direction`);
      }
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
    if (this.vectors === 0 || !normaliseInto(dots.probe, probe)) return null;
    dots.run();
    const { scores } = dots;
    let best = studentOf[0] as number;
    let similarity = scores[0] as number;
    let runnerUp = -Infinity;
    for (let row = 1; row < scores.length; row++) {
      const score = scores[row] as number;
      // Nearly all of them.
      if (score <= runnerUp) continue;
      const student = studentOf[row] as number;
      if (student === best) similarity = Math.max(similarity, score);
      else if (score > similarity) {
        runnerUp = similarity;
        similarity = score;
        best = student;
      } else runnerUp = score;
    }
    // Rounding may carry a cosine a hair beyond one.
    found.similarity = clamp(similarity);
    found.runnerUp = this.students > 1 ? clamp(runnerUp) : -1;
    found.studentIndex = best;
    if (!(found.similarity >= threshold)) return null;
    return this.students === 1 || found.similarity - found.runnerUp >= margin ? found : null;
  }
}

function clamp(cosine: number): number {
  return Math.max(-1, Math.min(1, cosine));
}

/** False, and nothing usable written, where there is no direction. */
function normaliseInto(target: Float32Array, vector: ArrayLike<number>): boolean {
  let square = 0;
  for (let i = 0; i < vector.length; i++) square += (vector[i] as number) ** 2;
  const length = Math.sqrt(square);
  if (!(length > 1e-12) || !Number.isFinite(length)) return false;
  for (let i = 0; i < vector.length; i++) target[i] = (vector[i] as number) / length;
  return true;
}
