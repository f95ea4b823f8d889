import type { JestReport, JestResult } from './run-jest';

/** Jest's closing lines over all runs, and alone on the last line `N passed, N failed, N skipped`. */
export function closingLines(results: readonly JestResult[]): string[] {
  const sum = (field: keyof JestReport): number =>
    results.reduce((total, { report }) => total + (report?.[field] ?? 0), 0);
  // A suite that did not even load has no tests to fail, and a run without a report no suites: both must show.
  const broken = sum('numRuntimeErrorTestSuites') + results.filter(({ report }) => report === null).length;
  const [passed, failed, skipped] = [sum('numPassedTests'), sum('numFailedTests'), sum('numPendingTests')];
  const seconds = results.reduce((total, { ms }) => total + ms, 0) / 1_000;
  return [
    `Test Suites: ${parts({
      failed: sum('numFailedTestSuites') + results.filter(({ report }) => report === null).length,
      skipped: sum('numPendingTestSuites'),
      passed: sum('numPassedTestSuites'),
      total: sum('numTotalTestSuites'),
    })}`,
    `Tests:       ${parts({ failed, skipped, todo: sum('numTodoTests'), passed, total: sum('numTotalTests') })}`,
    `Time:        ${seconds.toFixed(1)} s`,
    `${passed} passed, ${failed + broken} failed, ${skipped} skipped`,
  ];
}

/** 0 only when every run ended well. */
export function outcome(results: readonly JestResult[]): number {
  return results.every(({ exitCode, report }) => exitCode === 0 && report !== null) ? 0 : 1;
}

function parts(counts: Record<string, number>): string {
  return Object.entries(counts)
    .filter(([name, count]) => count > 0 || name === 'passed' || name === 'total')
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
