import { freePort, isPortFree, requireFreePort } from '@teleop/infra';
import { GATEWAY, GATEWAY_PORT, type ServiceDefinition } from './services';

/**
 * Ports of one stack. `basePort` 0 means free ones throughout. Otherwise the gateway gets exactly that port or an error naming
 * who has it (it is the address people know); a service whose place is taken moves to a free port, and says so.
 */
export async function choosePorts(
  services: readonly ServiceDefinition[],
  basePort: number,
  onNotice: (line: string) => void,
): Promise<Map<string, number>> {
  const chosen = new Map<string, number>();
  for (const service of services) {
    const wanted = basePort === 0 ? 0 : basePort + service.defaultPort - GATEWAY_PORT;
    if (wanted !== 0 && service.name === GATEWAY) await requireFreePort(wanted, 'the gateway (--port)');
    const free = wanted !== 0 && (await isPortFree(wanted));
    const port = free ? wanted : await anotherPort(chosen);
    if (wanted !== 0 && !free) onNotice(`port ${wanted} of ${service.name} is taken; using ${port}`);
    chosen.set(service.name, port);
  }
  return chosen;
}

/** Free, and not promised to another service that has not bound it yet. */
export async function anotherPort(chosen: ReadonlyMap<string, number>): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (![...chosen.values()].includes(port)) return port;
  }
}

const DISCOVERY_PORT = 3001;

/**
 * Where robots that broadcast are heard: by the stack that has the usual ports only, or two stacks on one machine would both
 * take the same robots for theirs. Others are told by `POST /table/register`.
 */
export function robotDiscoveryPort(basePort: number): string {
  return basePort === GATEWAY_PORT ? String(DISCOVERY_PORT) : 'off';
}
