import type { SessionStudent } from '@teleop/contracts';
import { ProblemError } from '@teleop/service-kit';
import type { Student } from './session';

/** Shorter vectors have no direction. */
const MIN_LENGTH = 1e-6;

/**
 * Students with all their vectors, L2-normalised and one after another. One who stands in the list several times has several
 * photos. Throws ProblemError: 400 EMBEDDING_DIMENSION_MISMATCH, VALIDATION_FAILED.
 */
export function gatherStudents(
  entries: readonly SessionStudent[],
  dimension: number,
): { readonly students: Student[]; readonly vectors: Float32Array } {
  const byUser = new Map<
    number,
    { readonly first: SessionStudent; readonly vectors: (readonly number[])[] }
  >();
  for (const [at, entry] of entries.entries()) {
    const path = `students.${at}.embeddingVector`;
    if (entry.embeddingVector.length !== dimension)
      throw mismatch(path, entry.embeddingVector.length, dimension);
    const length = Math.hypot(...entry.embeddingVector);
    if (!(length > MIN_LENGTH)) throw invalid(path, 'must not be zero');
    if (!Number.isFinite(length)) throw invalid(path, 'must have numbers of a size that can be compared');
    const known = byUser.get(entry.userId) ?? { first: entry, vectors: [] };
    known.vectors.push(entry.embeddingVector);
    byUser.set(entry.userId, known);
  }
  const vectors = new Float32Array(entries.length * dimension);
  let at = 0;
  for (const { vectors: own } of byUser.values()) {
    for (const vector of own) {
      const length = Math.hypot(...vector);
      for (const value of vector) vectors[at++] = value / length;
    }
  }
  const students = [...byUser.values()].map(({ first, vectors: own }) => ({
    userId: first.userId,
    rollNumber: first.rollNumber,
    vectors: own.length,
  }));
  return { students, vectors };
}

function mismatch(path: string, length: number, dimension: number): ProblemError {
  const message = `has ${length} numbers where the model in use has ${dimension}`;
  return new ProblemError(400, 'EMBEDDING_DIMENSION_MISMATCH', `${path} ${message}`, {
    errors: [{ path, message }],
  });
}

function invalid(path: string, message: string): ProblemError {
  return new ProblemError(400, 'VALIDATION_FAILED', `${path} ${message}`, { errors: [{ path, message }] });
}
