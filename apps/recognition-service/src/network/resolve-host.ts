import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isForbiddenAddress, isForbiddenName, type AllowList } from './address-rules';

/** The address may not be connected to; `reason` may be shown to the caller. */
export class HostRefused extends Error {
  override readonly name = 'HostRefused';
}

export class HostUnknown extends Error {
  override readonly name = 'HostUnknown';
}

/**
 * The address behind a host, once all its addresses are such as may be connected to. Connect to what is returned: asked
 * again, the name server may say something else. Throws HostRefused, HostUnknown.
 */
export async function resolveHost(host: string, allowed: AllowList): Promise<string> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isForbiddenName(bare)) throw new HostRefused('metadata services are not cameras or backends');
  const addresses = isIP(bare) === 0 ? await addressesOf(bare, allowed.lookupMs) : [bare];
  if (addresses.some(isForbiddenAddress))
    throw new HostRefused('link-local and metadata addresses are refused');
  const taken = allowed.takesName(bare) || addresses.every((address) => allowed.takesAddress(address));
  if (!taken) throw new HostRefused('this host is not among those allowed here');
  return addresses[0]!;
}

async function addressesOf(name: string, withinMs: number): Promise<string[]> {
  const over = new AbortController();
  // Node's lookup cannot be aborted; nobody waits for its answer then.
  const tooLong = sleep(withinMs, undefined, { signal: over.signal }).then(() => {
    throw new HostUnknown('the name server does not answer');
  });
  try {
    const found = await Promise.race([lookup(name, { all: true }), tooLong]);
    return found.map(({ address }) => address);
  } catch (error) {
    throw new HostUnknown('the host is not known', { cause: error });
  } finally {
    over.abort();
    tooLong.catch(() => undefined);
  }
}
