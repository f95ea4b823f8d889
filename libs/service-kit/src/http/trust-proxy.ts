import { BlockList, isIP } from 'node:net';

export type TrustProxy = boolean | string[];

/** TRUST_PROXY as Fastify and Express take it. */
export function trustProxy(text: string): TrustProxy {
  if (text === 'true') return true;
  if (text === 'false' || text === '') return false;
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

const NAMED: Record<string, readonly [string, number, 'ipv4' | 'ipv6'][]> = {
  loopback: [
    ['127.0.0.0', 8, 'ipv4'],
    ['::1', 128, 'ipv6'],
  ],
  linklocal: [
    ['169.254.0.0', 16, 'ipv4'],
    ['fe80::', 10, 'ipv6'],
  ],
  uniquelocal: [
    ['10.0.0.0', 8, 'ipv4'],
    ['172.16.0.0', 12, 'ipv4'],
    ['192.168.0.0', 16, 'ipv4'],
    ['fc00::', 7, 'ipv6'],
  ],
};

function blockListOf(parts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const part of parts) {
    const named = NAMED[part];
    if (named !== undefined) {
      for (const [net, prefix, family] of named) list.addSubnet(net, prefix, family);
      continue;
    }
    const [address = '', prefix] = part.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** An address as IPv4 when it is one that came over IPv6. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:/i, '');
}

/** Whether what a peer says about others is believed. */
export function believedProxy(trust: TrustProxy): (address: string | undefined) => boolean {
  const list = Array.isArray(trust) ? blockListOf(trust) : undefined;
  return (address = '') => {
    const plain = plainAddress(address);
    return trust === true || (list?.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4') ?? false);
  };
}

/**
 * The caller's address: the peer, or when the peer is a believed proxy the last address in X-Forwarded-For that is not
 * one itself. For WebSocket upgrades, which never reach Fastify or Express.
 */
export function clientAddress(
  trust: TrustProxy,
): (peer: string | undefined, forwardedFor: string | undefined) => string {
  const believed = believedProxy(trust);
  return (peer = '', forwardedFor = '') => {
    let address = peer;
    const hops = forwardedFor
      .split(',')
      .map((hop) => hop.trim())
      .filter((hop) => isIP(hop) !== 0);
    while (believed(address) && hops.length > 0) address = hops.pop() as string;
    return plainAddress(address);
  };
}
