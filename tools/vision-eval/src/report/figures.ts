import { sumUsage, type Usage } from '@teleop/vision-service';
import type { JudgedCase } from '../measure/judge-cases';
import type { SideReadings } from '../measure/read-frames';

export interface FrameFigures {
  readonly frames: number;
  /** Shares of the frames. */
  readonly bothRight: number;
  readonly leftRight: number;
  readonly rightRight: number;
  readonly unreadable: number;
  /** Mean |error| of a count, of the frames that could be read. */
  readonly meanError: number;
  readonly agreement: number;
}

export interface CaseFigures {
  readonly cases: number;
  readonly paidRight: number;
  /** Paid more than was due: the error that costs. */
  readonly overpaid: number;
  readonly underpaid: number;
  readonly abstained: number;
  readonly unavailable: number;
  /** Cases decided by attempt 1, 2 and 3. */
  readonly byAttempt: readonly [number, number, number];
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly usage: Usage;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

export function frameFigures(sides: readonly SideReadings[]): FrameFigures {
  const read = sides.flatMap(({ truth, readings }) => readings.map((reading) => ({ truth, reading })));
  const seen = read.flatMap(({ truth, reading }) => (reading === undefined ? [] : [{ truth, reading }]));
  const left = seen.filter(({ truth, reading }) => truth.left === reading.left).length;
  const right = seen.filter(({ truth, reading }) => truth.right === reading.right).length;
  const both = seen.filter(
    ({ truth, reading }) => truth.left === reading.left && truth.right === reading.right,
  );
  const error = seen.reduce(
    (sum, { truth, reading }) =>
      sum + Math.abs(truth.left - reading.left) + Math.abs(truth.right - reading.right),
    0,
  );
  return {
    frames: read.length,
    bothRight: share(both.length, read.length),
    leftRight: share(left, read.length),
    rightRight: share(right, read.length),
    unreadable: share(read.length - seen.length, read.length),
    meanError: share(error, 2 * seen.length),
    agreement: share(
      sides.reduce((sum, side) => sum + side.agreement, 0),
      sides.length,
    ),
  };
}

export function caseFigures(cases: readonly JudgedCase[]): CaseFigures {
  const done = cases.flatMap(({ judgement, due }) => (judgement === undefined ? [] : [{ judgement, due }]));
  const byAttempt: [number, number, number] = [0, 0, 0];
  for (const { judgement } of done) byAttempt[judgement.attempts.length - 1]! += 1;
  const times = cases.map(({ elapsedMs }) => elapsedMs);
  return {
    cases: cases.length,
    paidRight: done.filter(({ judgement, due }) => judgement.rewardPoints === due).length,
    overpaid: done.filter(({ judgement, due }) => judgement.rewardPoints > due).length,
    underpaid: done.filter(({ judgement, due }) => judgement.rewardPoints < due).length,
    abstained: done.filter(({ judgement }) => judgement.final.verdict.reason === 'NO_MAJORITY').length,
    unavailable: cases.length - done.length,
    byAttempt,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    usage: sumUsage(done.flatMap(({ judgement }) => judgement.attempts.map(({ usage }) => usage))),
  };
}
