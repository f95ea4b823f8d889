import { closingLines, failures, outcome } from './closing-lines';
import type { JestReport, JestResult } from './run-jest';

const report = (counts: Partial<JestReport>): JestReport => ({
  numFailedTestSuites: 0,
  numPassedTestSuites: 0,
  numPendingTestSuites: 0,
  numTotalTestSuites: 0,
  numRuntimeErrorTestSuites: 0,
  numFailedTests: 0,
  numPassedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numTotalTests: 0,
  testResults: [],
  ...counts,
});
const good: JestResult = {
  exitCode: 0,
  ms: 1_200,
  report: report({ numPassedTestSuites: 3, numTotalTestSuites: 3, numPassedTests: 10, numTotalTests: 10 }),
};
const bad: JestResult = {
  exitCode: 1,
  ms: 300,
  report: report({
    numFailedTestSuites: 1,
    numTotalTestSuites: 1,
    numFailedTests: 1,
    numPassedTests: 2,
    numPendingTests: 1,
    numTotalTests: 4,
  }),
};

describe('the closing lines of npm test', () => {
  it('sum the runs up as jest would', () => {
    expect(closingLines([good, bad])).toEqual([
      'Test Suites: 1 failed, 3 passed, 4 total',
      'Tests:       1 failed, 1 skipped, 12 passed, 14 total',
      'Time:        1.5 s',
      '12 passed, 1 failed, 1 skipped',
    ]);
  });

  it('count a suite that did not load, and a run without a report, as failed', () => {
    const unloaded = {
      ...bad,
      report: report({ numFailedTestSuites: 1, numRuntimeErrorTestSuites: 1, numTotalTestSuites: 1 }),
    };
    expect(closingLines([good, unloaded]).at(-1)).toBe('10 passed, 1 failed, 0 skipped');
    expect(closingLines([good, { exitCode: 1, ms: 0, report: null }]).at(-1)).toBe(
      '10 passed, 1 failed, 0 skipped',
    );
  });

  it('end with 0 only when every run ended well', () => {
    expect(outcome([good, good])).toBe(0);
    expect(outcome([good, bad])).toBe(1);
    expect(outcome([good, { exitCode: 0, ms: 0, report: null }])).toBe(1);
  });

  it('name every failure again, with the beginning of its message', () => {
    const suite = (name: string, message: string, ...tests: [string, string[]][]) => ({
      name,
      status: 'failed',
      message,
      assertionResults: tests.map(([fullName, failureMessages]) => ({
        status: failureMessages.length === 0 ? 'passed' : 'failed',
        fullName,
        failureMessages,
      })),
    });
    const testResults = [
      suite(
        '/w/apps/a.spec.ts',
        'all',
        ['it works', []],
        ['it fails', [`\u001b[31mno\u001b[39m\n${'at x\n'.repeat(40)}`]],
      ),
      suite('/w/apps/b.spec.ts', 'cannot load'),
    ];
    const lines = failures([good, { ...bad, report: report({ testResults }) }], '/w');
    expect(lines.slice(0, 4)).toEqual(['FAILED apps/a.spec.ts', '  it fails', '    no', '    at x']);
    expect(lines.slice(-2)).toEqual(['FAILED apps/b.spec.ts', '    cannot load']);
    expect(lines).toHaveLength(19);
  });
});
