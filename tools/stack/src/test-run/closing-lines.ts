import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { JestReport, JestResult, JestSuite } from './run-jest';

/** Of a failure's message: the assertion and where it stands; the whole is further up. */
const FAILURE_LINES = 15;
const LINE_CHARACTERS = 300;
type Count = Exclude<keyof JestReport, 'testResults'>;

/** Every failure once more: a build server keeps the end of what is printed, and loses the middle. */
export function failures(results: readonly JestResult[], root: string): string[] {
  return results
    .flatMap(({ report }) => report?.testResults ?? [])
    .flatMap((suite) => failuresOf(suite, root));
}

function failuresOf(suite: JestSuite, root: string): string[] {
  const file = path.relative(root, suite.name);
  const failed = suite.assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0 && suite.status === 'failed') return [`FAILED ${file}`, ...opening(suite.message)];
  return failed.flatMap(({ fullName, failureMessages }) => [
    `FAILED ${file}`,
    `  ${fullName}`,
    ...opening(failureMessages.join('\n')),
  ]);
}

function opening(message: string): string[] {
  const lines = stripVTControlCharacters(message).trim().split('\n');
  return lines.slice(0, FAILURE_LINES).map((line) => `    ${line.slice(0, LINE_CHARACTERS)}`);
}

/** Jest's closing lines over all runs, and alone on the last line `N passed, N failed, N skipped`. */
export function closingLines(results: readonly JestResult[]): string[] {
  const sum = (field: Count): number =>
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
