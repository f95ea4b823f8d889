/** All robots, also those that are yet to come. */
export const ALL_ROBOTS = '*';
/** A robot's id, or ALL_ROBOTS. */
export type Scope = string;

/** The right to see a scope. */
export interface Watch {
  /** Safe to call more than once. */
  release(): void;
}
