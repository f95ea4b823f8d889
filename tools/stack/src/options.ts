import path from 'node:path';
import { parseArgs } from 'node:util';
import { InfraError, messageOf, workspaceRoot } from '@teleop/infra';
import { GATEWAY_PORT } from './services';

export interface StartOptions {
  demo: boolean;
  fresh: boolean;
  port: number;
  dataDir: string;
  help: boolean;
}

export const USAGE = `npm start -- [options]
  --no-demo    no demo rows beyond the three arms, no simulated robots
  --fresh      wipes the data folder first
  --port N     the gateway's port (default ${GATEWAY_PORT}); the services follow at N+101 and up
  --data DIR   the data folder (default .data)`;

export function parseOptions(argv: readonly string[], env: NodeJS.ProcessEnv): StartOptions {
  const { values } = parse(argv);
  return {
    demo: !values['no-demo'],
    fresh: values.fresh ?? false,
    port: parsePort(values.port ?? env['PORT'] ?? String(GATEWAY_PORT)),
    dataDir: path.resolve(
      values.data ?? env['TELEOP_DATA_DIR'] ?? path.join(workspaceRoot(__dirname), '.data'),
    ),
    help: values.help ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        'no-demo': { type: 'boolean' },
        fresh: { type: 'boolean' },
        port: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new InfraError(`${messageOf(error)}\n${USAGE}`);
  }
}

/** The services sit up to 106 above the gateway, so the last ports are no good for it. */
function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_000) {
    throw new InfraError(`--port must be a number from 1 to 65000, not "${text}".`);
  }
  return port;
}
