export interface Enrolled {
  readonly studentIndex: number;
  readonly vector: ArrayLike<number>;
}

export interface Match {
  studentIndex: number;
  /** Cosine of the probe with the student's nearest vector. */
  similarity: number;
  /** The same of the next best student; -1 where there is none. */
  runnerUp: number;
}

/** The vectors of a session's students, all L2-normalised, in one piece of memory. Several vectors a student: the nearest counts. */
export interface Gallery {
  readonly dimension: number;
  readonly vectors: number;
  readonly students: number;
  /**
   * The best student if their cosine reaches `threshold` and is `margin` above the second-best student's, else null. One pass, no
   * allocation: the object returned is the gallery's own and is overwritten by the next call.
   */
  match(probe: Float32Array, threshold: number, margin: number): Readonly<Match> | null;
}
