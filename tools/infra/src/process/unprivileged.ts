import { execFile } from 'node:child_process';
import { chownSync, lchownSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { InfraError } from '../errors';
import type { Command } from './spawn-detached';

const run = promisify(execFile);
const NOBODY = 65_534;

/** A way to run a program as someone other than root. */
interface Disguise {
  name: string;
  prefix: string[];
  uid?: number;
  /** Who owns the data folder then, seen from outside. */
  owner: number;
}

const DISGUISES: Disguise[] = [
  // Root of this machine shown to the program as uid 1: no account needed, and it still reads below a 0700 /root.
  { name: 'unshare', prefix: ['unshare', '--user', '--map-user=1', '--'], owner: 0 },
  // Containers often forbid user namespaces.
  { name: 'uid 65534', prefix: [], uid: NOBODY, owner: NOBODY },
  // ... and keep their files where nobody may look.
  {
    name: 'setpriv',
    prefix: [
      'setpriv',
      `--reuid=${NOBODY}`,
      `--regid=${NOBODY}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
      '--',
    ],
    owner: NOBODY,
  },
];

/**
 * PostgreSQL refuses to run as root. Returns how to run `program` on `dir` as someone else, tried out on this machine; for anyone
 * but root, as it is.
 */
export async function unprivileged(
  program: string,
  dir: string,
  env: NodeJS.ProcessEnv,
): Promise<(command: Command) => Command> {
  if (process.getuid?.() !== 0) return (command) => command;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const reasons: string[] = [];
  for (const disguise of DISGUISES) {
    try {
      chownTree(dir, disguise.owner);
      await tryOut(disguise, program, dir, env);
      return (command) => wear(disguise, command);
    } catch (error) {
      reasons.push(`  - ${disguise.name}: ${reasonOf(error)}`);
    }
  }
  throw new InfraError(
    ['PostgreSQL does not run as root, and no way was found to run it as someone else:', ...reasons].join(
      '\n',
    ) + '\nStart as an ordinary user, or set DATABASE_URL to a server that runs already.',
  );
}

async function tryOut(
  disguise: Disguise,
  program: string,
  dir: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const script = 'test "$(id -u)" != 0 && touch "$1/.probe" && rm "$1/.probe" && exec "$0" --version';
  const probe = wear(disguise, { file: '/bin/sh', args: ['-c', script, program, dir], cwd: '/', env });
  await run(probe.file, probe.args, {
    cwd: probe.cwd,
    env: probe.env,
    timeout: 10_000,
    ...(probe.uid === undefined ? {} : { uid: probe.uid, gid: probe.gid }),
  });
}

function wear(disguise: Disguise, command: Command): Command {
  const [file, ...args] = [...disguise.prefix, command.file, ...command.args];
  return {
    ...command,
    file: file as string,
    args,
    ...(disguise.uid === undefined ? {} : { uid: disguise.uid, gid: disguise.uid }),
  };
}

/** A data folder made in one disguise is opened in another: PostgreSQL insists on owning it. The folder itself comes last, as the mark that all is done. */
function chownTree(dir: string, owner: number): void {
  if (lstatSync(dir).uid === owner) return;
  for (const entry of readdirSync(dir, { recursive: true, encoding: 'utf8' }))
    lchownSync(path.join(dir, entry), owner, owner);
  chownSync(dir, owner, owner);
}

function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message).split('\n')[0] ?? message;
}
