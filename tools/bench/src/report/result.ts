import type { Spread } from '../measure/compare';

/** `least`: a ratio or value to reach; `most`: one not to exceed. */
export type Goal = { readonly least: number } | { readonly most: number };

/** One thing that was measured and, when it has a goal, judged. */
export interface Finding {
  readonly what: string;
  /** `x` for ratios. */
  readonly unit: 'x' | 'ms' | 'MB' | '';
  readonly value: Spread;
  readonly goal?: Goal;
}

/** A row of figures as they were read: ours or the floor's. */
export interface Reading {
  readonly of: string;
  readonly figures: Readonly<Record<string, string | number>>;
}

export interface ScenarioResult {
  readonly scenario: string;
  /** What was run against what, in words. */
  readonly method: string;
  readonly findings: readonly Finding[];
  readonly readings: readonly Reading[];
  readonly notes?: readonly string[];
}

export function reached({ value, goal }: Finding): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'least' in goal ? value.median >= goal.least : value.median <= goal.most;
}
