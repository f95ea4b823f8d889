import { Gallery } from '../gallery/gallery';

/** `vectors` one after another; `studentOf[i]` is whose the i-th is. */
export function buildGallery(
  vectors: Float32Array,
  studentOf: readonly number[],
  dimension: number,
): Gallery {
  const enrolled = studentOf.map((studentIndex, row) => ({
    studentIndex,
    vector: vectors.subarray(row * dimension, (row + 1) * dimension),
  }));
  return new Gallery(enrolled, dimension);
}
