import { DAYLIGHT, type Conditions } from './render';

/** How hard it is to see: from a studio to a dim room with the arm in the way. */
export const DIFFICULTIES = ['clear', 'usual', 'hard'] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];

const between = (random: () => number, low: number, high: number): number => low + random() * (high - low);

/** Light, noise and the arm's place of one frame: they differ from frame to frame, which is what a vote lives of. */
export function conditionsOf(difficulty: Difficulty, random: () => number): Conditions {
  switch (difficulty) {
    case 'clear':
      return DAYLIGHT;
    case 'usual':
      return {
        light: between(random, 0.8, 1.1),
        gradient: between(random, -0.2, 0.2),
        noise: between(random, 2, 8),
        warmth: between(random, 0.95, 1.05),
        // Parked at the edge.
        arm: { at: between(random, 0.48, 0.52), reach: between(random, 0.02, 0.12) },
      };
    case 'hard':
      return {
        light: between(random, 0.4, 1.25),
        gradient: between(random, -0.6, 0.6),
        noise: between(random, 8, 24),
        warmth: between(random, 0.85, 1.15),
        arm: { at: between(random, 0.1, 0.9), reach: between(random, 0.1, 0.75) },
      };
  }
}
