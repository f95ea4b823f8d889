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
  /** Students in the order of their rows; student `s` has the rows from `starts[s]` to `starts[s + 1]`. */
  private readonly order: Int32Array;
  private readonly starts: Int32Array;
  private readonly found: Match = { studentIndex: -1, similarity: -1, runnerUp: -1 };

  /** Throws where a vector has another length than `dimension`, is zero or holds what is no number. */
  constructor(
    enrolled: readonly Enrolled[],
    readonly dimension: number,
    options: GalleryOptions = {},
  ) {
    const sorted = [...enrolled].sort((a, b) => a.studentIndex - b.studentIndex);
    const order = [...new Set(sorted.map((one) => one.studentIndex))];
    this.vectors = sorted.length;
    this.students = order.length;
    this.order = Int32Array.from(order);
    this.starts = new Int32Array(order.length + 1);
    this.dots = dotsFor(sorted.length, dimension, options.simd);
    let student = 0;
    sorted.forEach(({ studentIndex, vector }, row) => {
      if (vector.length !== dimension)
        throw new RangeError(`a vector of ${vector.length} numbers, not ${dimension}`);
      const at = row * this.dots.stride;
      if (!normaliseInto(this.dots.rows.subarray(at, at + dimension), vector)) {
        throw new RangeError(`a vector of student ${studentIndex} has no direction`);
      }
      while (order[student] !== studentIndex) this.starts[++student] = row;
    });
    this.starts[order.length] = sorted.length;
  }

  /**
   * The best student if their cosine reaches `threshold` and is `margin` above the second-best student's, else null. One pass, no
   * allocation: the object returned is the gallery's own and is overwritten by the next call.
   */
  match(probe: Float32Array, threshold: number, margin: number): Readonly<Match> | null {
    const { dots, starts, found } = this;
    if (probe.length !== this.dimension) {
      throw new RangeError(`a probe of ${probe.length} numbers, not ${this.dimension}`);
    }
    if (this.vectors === 0 || !normaliseInto(dots.probe, probe)) return null;
    dots.run();
    let best = -1;
    let similarity = -Infinity;
    let runnerUp = -Infinity;
    for (let student = 0, row = 0; student < this.students; student++) {
      let nearest = -Infinity;
      for (const end = starts[student + 1] as number; row < end; row++) {
        const score = dots.scores[row] as number;
        if (score > nearest) nearest = score;
      }
      if (nearest > similarity) {
        runnerUp = similarity;
        similarity = nearest;
        best = student;
      } else if (nearest > runnerUp) runnerUp = nearest;
    }
    // Rounding may carry a cosine a hair beyond one.
    found.similarity = clamp(similarity);
    found.runnerUp = this.students > 1 ? clamp(runnerUp) : -1;
    found.studentIndex = this.order[best] as number;
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
