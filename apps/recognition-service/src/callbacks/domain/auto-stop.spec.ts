import { shouldAutoStop } from './auto-stop';

const LIMITS = { maxFailures: 10, maxFailureMs: 120_000 };

describe('a session whose callbacks fail', () => {
  it.each([
    ['goes on after nine failures in a row', 9, 60_000, false],
    ['stops at the tenth', 10, 60_000, true],
    ['stops after two minutes without a success', 2, 120_000, true],
    ['goes on while nothing failed, however long ago the last success was', 0, 500_000, false],
  ])('%s', (_, failures, failingMs, stops) => {
    expect(shouldAutoStop({ failures, failingMs }, LIMITS)).toBe(stops);
  });
});
