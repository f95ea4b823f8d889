import { Gallery, type Calibration, ConfidenceScale } from '@teleop/recognition-service';
import type { Photo } from './people';
import { random, shuffled } from './random';

export interface ClassOptions {
  readonly students: number;
  /** Photographs a student is enrolled with; one more is looked at. */
  readonly photos: number;
  readonly margin: number;
  readonly confidence: number;
  readonly rounds: number;
}

/** Shares of looks. */
export interface ClassResult {
  readonly found: number;
  readonly takenForAnother: number;
  readonly strangersTakenIn: number;
}

/** Classes drawn from the people: some enrolled, one photograph of each looked at, and every photograph of the others as strangers. */
export function classRounds(
  photos: readonly Photo[],
  calibration: Calibration | null,
  options: ClassOptions,
): ClassResult {
  const next = random(7);
  const people = new Map<string, Float32Array[]>();
  for (const { person, face } of photos) {
    if (face?.embedding) people.set(person, [...(people.get(person) ?? []), face.embedding]);
  }
  const able = [...people].filter(([, vectors]) => vectors.length > options.photos).map(([person]) => person);
  const students = Math.min(options.students, able.length);
  let [looks, found, wrong, strange, accepted] = [0, 0, 0, 0, 0];
  for (let round = 0; round < options.rounds; round++) {
    const enrolled = shuffled(able, next).slice(0, students);
    const probes: { student: number; vector: Float32Array }[] = [];
    const rows = enrolled.flatMap((person, studentIndex) => {
      const vectors = shuffled(people.get(person) ?? [], next);
      const probe = vectors[options.photos];
      if (probe) probes.push({ student: studentIndex, vector: probe });
      return vectors.slice(0, options.photos).map((vector) => ({ studentIndex, vector }));
    });
    const gallery = new Gallery(rows, rows[0]?.vector.length ?? 0);
    const threshold = new ConfidenceScale(calibration, rows.length).cosineOf(options.confidence);
    for (const { student, vector } of probes) {
      const match = gallery.match(vector, threshold, options.margin);
      looks++;
      if (match?.studentIndex === student) found++;
      else if (match) wrong++;
    }
    for (const [person, vectors] of people) {
      if (enrolled.includes(person)) continue;
      for (const vector of vectors) {
        strange++;
        if (gallery.match(vector, threshold, options.margin)) accepted++;
      }
    }
  }
  return {
    found: found / looks,
    takenForAnother: wrong / looks,
    strangersTakenIn: strange === 0 ? 0 : accepted / strange,
  };
}
