import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { InfraError } from '../errors';
import { whoListensOn } from './port-owner';

const LOWEST = 15_000;

/** A port that was handed out is left alone by everybody for this long, in which whoever asked for it is to listen there. */
const PROMISED_MS = 120_000;

/**
 * A port nobody listens on, and that was promised to nobody else in this machine's last two minutes: between the look and the
 * listening others look too. From below the range the kernel hands to outgoing connections: a server killed and restarted must
 * get its port back, and there a client's socket could have taken it in between.
 */
export async function freePort(): Promise<number> {
  const ceiling = Math.max(LOWEST + 2_000, Math.min(ephemeralRangeStart(), 60_000));
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (ceiling - LOWEST));
    if (promise(port) && (await isPortFree(port))) return port;
  }
  throw new InfraError(`No free port found between ${LOWEST} and ${ceiling} on 127.0.0.1.`);
}

export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Throws the message a person needs when a port that was asked for by number is in use. */
export async function requireFreePort(port: number, what: string): Promise<void> {
  if (await isPortFree(port)) return;
  const owner = whoListensOn(port);
  const by = owner ? `by ${owner.command} (pid ${owner.pid})` : 'by another process';
  throw new InfraError(
    `Port ${port}, asked for by ${what}, is taken ${by}. Stop it, or choose another port.`,
  );
}

/** A file a port, by which processes that know nothing of each other keep apart; false when the port is another's. */
function promise(port: number): boolean {
  const folder = path.join(os.tmpdir(), `teleop-ports-${process.getuid?.() ?? 'any'}`);
  const file = path.join(folder, String(port));
  mkdirSync(folder, { recursive: true });
  const promisedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (promisedAt !== undefined) {
    if (Date.now() - promisedAt < PROMISED_MS) return false;
    rmSync(file, { force: true });
  }
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function ephemeralRangeStart(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]) || 32_768;
  } catch {
    return 32_768;
  }
}
