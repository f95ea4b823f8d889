#!/usr/bin/env node
import path from 'node:path';
import { parseArgs } from 'node:util';
import { workspaceRoot } from './binaries/cache';
import { runCommand } from './cli/run-command';
import { InfraError } from './errors';

const USAGE = 'usage: infra start|stop|status [--data DIR]';

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const dataDir = path.resolve(
    values.data ?? process.env['TELEOP_DATA_DIR'] ?? path.join(workspaceRoot(), '.data'),
  );
  await runCommand(positionals[0] ?? '', dataDir, USAGE);
}

function readArguments(): { values: { data?: string }; positionals: string[] } {
  try {
    return parseArgs({ options: { data: { type: 'string' } }, allowPositionals: true });
  } catch (error) {
    throw new InfraError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(
    error instanceof InfraError ? `${error.message}\n` : `${String((error as Error).stack ?? error)}\n`,
  );
  process.exitCode = 1;
});
