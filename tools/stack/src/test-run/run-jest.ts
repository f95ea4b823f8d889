import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dieWithParent } from '../supervise/parent-death';

export interface JestRun {
  root: string;
  projects: readonly string[];
  ignore: readonly string[];
  args: readonly string[];
  /** What the person put behind `npm test --`. */
  forwarded: readonly string[];
  env: NodeJS.ProcessEnv;
  output: string;
  signal: AbortSignal;
}

export interface JestResult {
  exitCode: number;
  ms: number;
  /** Null when jest ended before it could report (a broken configuration, an interrupt). */
  report: JestReport | null;
}

/** The part of jest's --json that is summed up. */
export interface JestReport {
  numFailedTestSuites: number;
  numPassedTestSuites: number;
  numPendingTestSuites: number;
  numTotalTestSuites: number;
  numRuntimeErrorTestSuites: number;
  numFailedTests: number;
  numPassedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numTotalTests: number;
}

export async function runJest(run: JestRun): Promise<JestResult> {
  const begun = performance.now();
  const cli = path.join(run.root, 'node_modules', 'jest', 'bin', 'jest.js');
  const args = [
    cli,
    '--json',
    `--outputFile=${run.output}`,
    '--passWithNoTests',
    ...run.projects.map((project) => `--projects=${project}`),
    ...run.ignore.map((pattern) => `--testPathIgnorePatterns=${pattern}`),
    ...run.args,
    ...run.forwarded,
  ];
  const exitCode = await spawnJest(args, run);
  return { exitCode, ms: performance.now() - begun, report: readReport(run.output) };
}

/** jest writes its JSON to the file and its report for people to stderr; stdout is what tests themselves print. */
async function spawnJest(args: string[], run: JestRun): Promise<number> {
  const [file, ...rest] = [...dieWithParent(), process.execPath, ...args];
  const child = spawn(file as string, rest, { cwd: run.root, env: run.env, stdio: 'inherit' });
  const interrupt = (): void => void child.kill('SIGTERM');
  run.signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  } finally {
    run.signal.removeEventListener('abort', interrupt);
  }
}

function readReport(file: string): JestReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch {
    return null;
  }
}
