import { InfraError } from '@teleop/infra';
import { runStart } from './start/run-start';
import { runTests } from './test-run/run-tests';

/** `npm start`, after bin/bootstrap.mjs has installed and compiled what was missing. */
export function start(argv: readonly string[]): void {
  runStart(argv, process.env).catch(report);
}

/** `npm test`. */
export function test(argv: readonly string[]): void {
  runTests(argv, process.env).then((code) => process.exit(code), report);
}

function report(error: unknown): void {
  const known = error instanceof InfraError;
  process.stderr.write(`\n${known ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exit(1);
}
