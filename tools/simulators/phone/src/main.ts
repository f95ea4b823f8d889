import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenOnScreen } from './look-at-screen';
import { Phone } from './phone';
import { tokenAmong } from './token-among';

const USAGE = `A phone that has scanned a kiosk's QR code.

  npm run sim:phone -- <token> [--url http://127.0.0.1:3000]

The token stands below the code that \`npm run sim:kiosk\` (or the demo) shows.
`;
const LOOK_AGAIN_MS = 5_000;
const setting = (name: string, fallback: string) => process.env[name] || fallback;

const args = process.argv.slice(2);
const given = tokenAmong(args);
const { values, positionals } = parseArgs({
  args: args.filter((arg) => arg !== given),
  allowPositionals: true,
  options: {
    url: { type: 'string', default: setting('GATEWAY_URL', 'http://127.0.0.1:3000') },
    help: { type: 'boolean', default: false },
  },
});
const { url } = values;
const [token = given] = positionals;

function log(message: string, fields: Record<string, unknown> = {}): void {
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level: 'info', msg: message, ...fields })}\n`,
  );
}

function visit(withToken: string): Promise<string> {
  return new Phone({ token: withToken, url, heartbeatMs: 30_000, log }).visit();
}

/** For the demo: walks up to a simulated kiosk every so often. */
async function visitForEver(deviceId: string, everyMs: number): Promise<never> {
  let last: string | undefined;
  for (;;) {
    const shown = tokenOnScreen(deviceId, url);
    if (shown === undefined || shown === last) {
      await sleep(LOOK_AGAIN_MS);
      continue;
    }
    last = shown;
    try {
      log('visit ended', { deviceId, reason: await visit(shown) });
      await sleep(everyMs);
    } catch (error) {
      log('visit failed', { deviceId, reason: (error as Error).message });
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));

const kiosk = setting('PHONE_VISITS', '');
if (values.help || (token === undefined && kiosk === '')) {
  process.stdout.write(USAGE);
  process.exit(values.help ? 0 : 2);
} else if (token === undefined) {
  void visitForEver(kiosk, Number(setting('PHONE_VISIT_MS', '60000')));
} else {
  visit(token).then(
    (reason) => log('session ended', { reason }),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    },
  );
}
