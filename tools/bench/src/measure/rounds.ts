import type { Noise } from './noise';

/** Share of the machine that others may use in a round that counts. */
const QUIET = 0.1;
const WAIT_MS = 2_000;

export interface Kept<T> {
  readonly rounds: readonly T[];
  /** What the reader has to know about the machine. */
  readonly note: string;
}

/**
 * The wanted number of rounds, preferring those in which nobody else used the machine: up to `patience` times as many are
 * run, and the quietest are kept, whatever they showed.
 */
export async function quietRounds<T>(
  wanted: number,
  patience: number,
  noise: Noise,
  round: (number: number) => Promise<T>,
): Promise<Kept<T>> {
  const all: { result: T; others: number }[] = [];
  const quiet = () => all.filter(({ others }) => others < QUIET).length;
  for (let number = 0; number < wanted * patience && quiet() < wanted; number += 1) {
    if (patience > 1) await noise.untilQuiet(QUIET, WAIT_MS);
    all.push(await noise.during(() => round(number)));
  }
  const kept = [...all].sort((a, b) => a.others - b.others).slice(0, wanted);
  const shares = kept.map(({ others }) => others * 100);
  const note =
    `${kept.length} of ${all.length} rounds kept, the quietest; other processes used ` +
    `${Math.min(...shares).toFixed(0)} to ${Math.max(...shares).toFixed(0)} % of the machine during them`;
  return { rounds: kept.map(({ result }) => result), note };
}
