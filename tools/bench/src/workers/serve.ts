/** What a worker answers to: a name, one argument that survives JSON, and a result that does. */
export type Commands = Record<string, (argument: never) => unknown>;

export interface Call {
  readonly id: number;
  readonly command: string;
  readonly argument: unknown;
}

export type Reply =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string };

/** The worker's side. It ends when whoever forked it is gone, however that happened. */
export function serve(commands: Commands): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (call: Call) => {
    void answer(commands, call).then((reply) => process.send?.(reply));
  });
}

async function answer(commands: Commands, { id, command, argument }: Call): Promise<Reply> {
  try {
    const run = commands[command] as ((argument: unknown) => unknown) | undefined;
    if (run === undefined) throw new Error(`the worker knows no command ${command}`);
    return { id, result: await run(argument) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
