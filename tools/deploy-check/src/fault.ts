/** One thing that is wrong, in words that say where. */
export interface Fault {
  readonly where: string;
  readonly what: string;
}

export const fault = (where: string, what: string): Fault => ({ where, what });
