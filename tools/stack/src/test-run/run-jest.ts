import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { codeOf, InfraError } from '@teleop/infra';
import { dieWithParent } from '../supervise/parent-death';
import { readJson, writeJestConfig, type Tier } from './jest-config';

export interface JestRun {
  root: string;
  projects: readonly string[];
  tier: Tier;
  /** Where the configuration and the report of this run are kept. */
  folder: string;
  args: readonly string[];
  /** What the person put behind `npm test --`. */
  forwarded: readonly string[];
  env: NodeJS.ProcessEnv;
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
  testResults: readonly JestSuite[];
}

export interface JestSuite {
  /** Absolute path of the test file. */
  name: string;
  status: string;
  /** Why a suite did not load; else its tests' failures in one text. */
  message: string;
  assertionResults: readonly { status: string; fullName: string; failureMessages: readonly string[] }[];
}

/** The test files a run would take, the person's filters applied. */
export function listTests(run: Omit<JestRun, 'args' | 'signal'>): string[] {
  const listing = spawnSync(process.execPath, [...commandLine(run), '--listTests', ...run.forwarded], {
    cwd: run.root,
    env: run.env,
    encoding: 'utf8',
  });
  if (listing.status !== 0) throw new InfraError(`jest could not list its tests:\n${listing.stderr.trim()}`);
  return listing.stdout.split('\n').filter((line) => path.isAbsolute(line));
}

export async function runJest(run: JestRun): Promise<JestResult> {
  const begun = performance.now();
  const output = path.join(run.folder, `jest.${run.tier}.json`);
  const args = [...commandLine(run), '--json', `--outputFile=${output}`, ...ourArgs(run), ...run.forwarded];
  const exitCode = await spawnJest(args, run);
  return { exitCode, ms: performance.now() - begun, report: readJson(output) as JestReport | null };
}

/**
 * jest writes its JSON to the file and its report for people to stderr; stdout is what tests themselves print. It runs in a group
 * of its own, so that an interrupt ends its workers with it: they would go on and start servers while we clean up.
 */
async function spawnJest(args: string[], run: JestRun): Promise<number> {
  const [file, ...rest] = [...dieWithParent(), process.execPath, ...args];
  const child = spawn(file as string, rest, {
    cwd: run.root,
    env: run.env,
    stdio: 'inherit',
    detached: true,
  });
  const interrupt = (): void => signalGroup(child.pid, 'SIGKILL');
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

function signalGroup(leader: number | undefined, name: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, name);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error; // all of them are gone
  }
}

function commandLine(run: Omit<JestRun, 'args' | 'signal'>): string[] {
  const cli = path.join(run.root, 'node_modules', 'jest', 'bin', 'jest.js');
  return [
    cli,
    `--config=${writeJestConfig(run.folder, run.root, run.projects, run.tier)}`,
    '--passWithNoTests',
  ];
}

const WORKER_FLAGS = /^(-i|--runInBand|-w|--maxWorkers)(=|$)/;

/** Jest takes one word on how many workers, and the person's counts. */
function ourArgs(run: JestRun): readonly string[] {
  return run.forwarded.some((flag) => WORKER_FLAGS.test(flag)) ? [] : run.args;
}
