import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What jest is pointed at: the projects' own configurations, narrowed to one tier of tests. */
const TIERS = {
  fast: ['**/*.spec.ts', '**/*.medium-spec.ts'],
  e2e: ['**/*.e2e-spec.ts'],
} as const;
export type Tier = keyof typeof TIERS;

/** As in jest.preset.js: busy machines are slow machines. */
const TEST_TIMEOUT_MS = 60_000;

/**
 * Writes one configuration for all projects.
 */
export function writeJestConfig(
  folder: string,
  root: string,
  projects: readonly string[],
  tier: Tier,
): string {
  const file = path.join(folder, `jest.${tier}.config.cjs`);
  const entries = projects.map((rootDir) => {
    const config = path.join(rootDir, 'jest.config.cjs');
    return `    { ...require(${JSON.stringify(config)}), rootDir: ${JSON.stringify(rootDir)}, testMatch },`;
  });
  writeFileSync(
    file,
    [
      `const testMatch = ${JSON.stringify(TIERS[tier])};`,
      'module.exports = {',
      `  rootDir: ${JSON.stringify(root)},`,
      // Of several projects jest takes the time-out from here only, and says nothing of theirs.
      `  testTimeout: ${TEST_TIMEOUT_MS},`,
      '  projects: [',
      ...entries,
      '  ],',
      '};',
      '',
    ].join('\n'),
  );
  return file;
}

/** Null when jest ended before it wrote its report. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
