import { readFileSync } from 'node:fs';
import net from 'node:net';
import { InfraError } from '../errors';
import { whoListensOn } from './port-owner';

const LOWEST = 15_000;

/**
 * A port nobody listens on, from below the range the kernel hands to outgoing connections: a server killed and restarted must
 * get its port back, and there a client's socket could have taken it in between.
 */
export async function freePort(): Promise<number> {
  const ceiling = Math.max(LOWEST + 2_000, Math.min(ephemeralRangeStart(), 60_000));
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (ceiling - LOWEST));
    if (await isPortFree(port)) return port;
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

function ephemeralRangeStart(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]) || 32_768;
  } catch {
    return 32_768;
  }
}
