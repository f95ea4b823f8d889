import { parseArgs } from 'node:util';

export const USAGE = `Messages that a consumer could not handle.

  npm run dead-letters -- list   [--consumer X]
  npm run dead-letters -- show   --id N
  npm run dead-letters -- replay --id N | --consumer X | --all
  npm run dead-letters -- drop   --id N | --consumer X | --all

  --id N        the number in the first column of the list, or the id of an event
  --consumer X  a consumer, with or without its service: settle-evaluation, queue-service__settle-evaluation
  --all         every dead letter

  NATS_URL says which server; without it that of the running stack (.data/stack.json) is taken.`;

const COMMANDS = ['list', 'show', 'replay', 'drop'] as const;
export type Command = (typeof COMMANDS)[number];

export interface Selection {
  readonly id?: string;
  readonly consumer?: string;
}

export interface Options {
  readonly command: Command;
  readonly selection: Selection;
}

/** The command line is not one of ours; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

function isCommand(text: string | undefined): text is Command {
  return COMMANDS.some((command) => command === text);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { id: { type: 'string' }, consumer: { type: 'string' }, all: { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** Throws UsageError. What changes anything must say to which dead letters. */
export function parseOptions(args: readonly string[]): Options {
  const { positionals, values } = parsed(args);
  const [command, ...rest] = positionals;
  if (!isCommand(command)) {
    throw new UsageError(command === undefined ? 'no command given' : `there is no command "${command}"`);
  }
  if (rest.length > 0) throw new UsageError(`do not know what to do with "${rest.join(' ')}"`);
  const { id, consumer, all = false } = values;
  if (all && (id !== undefined || consumer !== undefined)) {
    throw new UsageError('--all goes without --id and --consumer');
  }
  if (command === 'show' && id === undefined) throw new UsageError('show needs --id');
  if ((command === 'replay' || command === 'drop') && !all && id === undefined && consumer === undefined) {
    throw new UsageError(`${command} needs --id, --consumer or --all`);
  }
  return { command, selection: { id, consumer } };
}
