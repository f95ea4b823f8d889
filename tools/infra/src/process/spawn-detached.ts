import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { InfraError } from '../errors';
import { identify, type ProcessIdentity } from './process-identity';

export interface Command {
  file: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

const MAX_LOG_BYTES = 16 * 1024 * 1024;

/**
 * Starts a server in its own session, writing to a file. A Ctrl-C meant for the launcher does not reach it (it must outlive the
 * services that talk to it), and a launcher that dies does not take its stdout away.
 */
export async function spawnDetached(command: Command, logFile: string): Promise<ProcessIdentity> {
  mkdirSync(path.dirname(logFile), { recursive: true });
  rotate(logFile);
  const log = openSync(logFile, 'a', 0o600);
  try {
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: command.env,
      detached: true,
      stdio: ['ignore', log, log],
      ...(command.uid === undefined ? {} : { uid: command.uid, gid: command.gid }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const identity = child.pid === undefined ? null : identify(child.pid);
    if (!identity) throw new InfraError(`${path.basename(command.file)} ended at once; see ${logFile}.`);
    return identity;
  } finally {
    closeSync(log);
  }
}

function rotate(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) renameSync(logFile, `${logFile}.1`);
}
