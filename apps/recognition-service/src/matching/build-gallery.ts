import type { Gallery } from '../gallery/gallery';

/** `vectors` one after another; `studentOf[i]` is whose the i-th is. */
export function buildGallery(vectors: Float32Array, studentOf: readonly number[], dimension: number): Gallery {
  const students = Math.max(-1, ...studentOf) + 1;
  const best = new Float32Array(students);
  const match = { studentIndex: 0, similarity: 0, runnerUp: -1 };
  return {
    dimension,
    vectors: studentOf.length,
    students,
    match(probe, threshold, margin) {
      best.fill(-1);
      for (const [row, student] of studentOf.entries()) {
        let sum = 0;
        for (let at = 0; at < dimension; at += 1) sum += vectors[row * dimension + at]! * probe[at]!;
        if (sum > best[student]!) best[student] = sum;
      }
      [match.studentIndex, match.similarity, match.runnerUp] = [0, -1, -1];
      for (const [student, similarity] of best.entries()) {
        if (similarity > match.similarity) {
          match.runnerUp = match.similarity;
          [match.studentIndex, match.similarity] = [student, similarity];
        } else if (similarity > match.runnerUp) match.runnerUp = similarity;
      }
      return match.similarity >= threshold && match.similarity - match.runnerUp >= margin ? match : null;
    },
  };
}
