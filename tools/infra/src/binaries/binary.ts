import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '../errors';
import { format, parseVersion, type Version } from './version';

const run = promisify(execFile);

/** A server program that ran and told its version. */
export interface Binary {
  file: string;
  version: Version;
  /** For the progress line: "PATH", "npm", "Debian package". */
  source: string;
  /** What has to be set for it to find its shared libraries. */
  env: NodeJS.ProcessEnv;
}

export interface Requirement {
  /** "PostgreSQL 18" */
  label: string;
  accepts(version: Version): boolean;
  /** One line: how a person gets it. */
  howToInstall: string;
  /** What to do instead, for what is not a server with a URL. */
  orElse?: string;
  /** `--version` unless it knows another one only. */
  versionOption?: string;
}

/** Runs `<file> --version`. Throws with the reason when it does not run or is not the version that is needed. */
export async function inspect(
  file: string,
  source: string,
  requirement: Requirement,
  env: NodeJS.ProcessEnv = {},
): Promise<Binary> {
  const version = await versionOf(file, requirement.versionOption ?? '--version', env);
  if (!requirement.accepts(version)) throw new Error(`${file} is version ${format(version)}`);
  return { file, version, source, env };
}

async function versionOf(file: string, option: string, env: NodeJS.ProcessEnv): Promise<Version> {
  let output: string;
  try {
    output = (await run(file, [option], { env: { ...process.env, ...env }, timeout: 10_000 })).stdout;
  } catch (error) {
    throw new Error(`${file} does not run: ${messageOf(error).split('\n').slice(0, 3).join(' ')}`, {
      cause: error,
    });
  }
  const version = parseVersion(output);
  if (!version) throw new Error(`${file} does not tell its version: ${output.trim()}`);
  return version;
}
