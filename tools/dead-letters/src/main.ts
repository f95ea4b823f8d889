import 'reflect-metadata';
import { NatsConnection } from '@teleop/messaging';
import { run, type Terminal } from './commands';
import { DeadLetterStore } from './dead-letter-store';
import { natsUrl } from './nats-url';
import { parseOptions, USAGE, UsageError } from './options';

const START_TIMEOUT_MS = 3_000;

/** The program: 0 done, 1 not everything could be done, 2 misused. */
export async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<number> {
  if (args.includes('--help')) {
    terminal.line(USAGE);
    return 0;
  }
  try {
    const options = parseOptions(args);
    const say = (_fields: object, message: string) => terminal.line(message);
    const nats = new NatsConnection(
      { natsUrl: natsUrl(env), name: 'dead-letters', startTimeoutMs: START_TIMEOUT_MS },
      { info: say, warn: say, error: say },
    );
    try {
      await nats.connect();
      return await run(options, new DeadLetterStore(nats), terminal);
    } finally {
      await nats.drain();
    }
  } catch (error) {
    terminal.line((error as Error).message);
    if (!(error instanceof UsageError)) return 1;
    terminal.line(`\n${USAGE}`);
    return 2;
  }
}
