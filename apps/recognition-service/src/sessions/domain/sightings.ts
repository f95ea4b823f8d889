/** Looks of a camera within which a student has to be found often enough. */
export const WINDOW = 5;

/**
 * Who was found in which looks. One look may be mistaken, by a turned head or a shadow; a student counts who was found
 * in `needed` of the last looks of one camera.
 */
export class Sightings {
  readonly #looks = new Map<string, number[]>();

  constructor(private readonly needed: number) {}

  /** Notes that `student` was found in look number `look` of a camera; true: that makes it enough. */
  found(camera: number, look: number, student: number): boolean {
    const key = `${camera}:${student}`;
    const recent = (this.#looks.get(key) ?? []).filter(
      (earlier) => look - earlier < WINDOW && earlier !== look,
    );
    recent.push(look);
    this.#looks.set(key, recent);
    return recent.length >= this.needed;
  }
}
