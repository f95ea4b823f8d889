export interface Options {
  /** None: all. */
  readonly scenarios: readonly string[];
  readonly quick: boolean;
  readonly json: string | undefined;
  readonly help: boolean;
}

/** Throws an Error in words for whoever typed it. */
export function parseOptions(args: readonly string[], known: readonly string[]): Options {
  const scenarios: string[] = [];
  let quick = false;
  let help = false;
  let json: string | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '--quick') quick = true;
    else if (arg === '--help') help = true;
    else if (arg === '--json') {
      index += 1;
      json = args[index];
      if (json === undefined) throw new Error('--json needs a file name');
    } else if (known.includes(arg)) scenarios.push(arg);
    else throw new Error(`Unknown: ${arg}. Scenarios: ${known.join(', ')}. Options: --quick, --json FILE.`);
  }
  return { scenarios, quick, json, help };
}
