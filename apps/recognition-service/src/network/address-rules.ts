import { BlockList, isIP } from 'node:net';

/** Where a URL of a caller’s must never lead: this network’s own machinery, and what hands out a machine’s credentials. */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4'); // link-local, and the metadata service of most clouds
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
FORBIDDEN.addAddress('fd00:ec2::254', 'ipv6'); // AWS
FORBIDDEN.addAddress('fd20:ce::254', 'ipv6'); // Google Cloud
FORBIDDEN.addAddress('100.100.100.200', 'ipv4'); // Alibaba Cloud
FORBIDDEN.addAddress('192.0.0.192', 'ipv4'); // Oracle Cloud
FORBIDDEN.addAddress('168.63.129.16', 'ipv4'); // Azure
FORBIDDEN.addSubnet('0.0.0.0', 8, 'ipv4');
FORBIDDEN.addAddress('::', 'ipv6');
FORBIDDEN.addSubnet('224.0.0.0', 3, 'ipv4'); // multicast, reserved, broadcast
FORBIDDEN.addSubnet('ff00::', 8, 'ipv6');

const FORBIDDEN_NAMES = /^(metadata|instance-data)(\.|$)|\.metadata\.|^metadata\.google\.internal$/i;

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** An IPv4 address that is written as IPv6 (::ffff:a9fe:a9fe) is judged as what it is. */
function unmapped(address: string): string {
  const mapped = /^(?:0*:)*:?ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(address);
  if (mapped === null) return address;
  if (mapped[1] !== undefined) return mapped[1];
  const [high, low] = [Number.parseInt(mapped[2]!, 16), Number.parseInt(mapped[3]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

export function isForbiddenAddress(address: string): boolean {
  const plain = unmapped(address);
  return FORBIDDEN.check(plain, familyOf(plain));
}

export function isForbiddenName(host: string): boolean {
  return FORBIDDEN_NAMES.test(host);
}

/** Host names, addresses and subnets; empty: everything. Throws Error that names a bad entry. */
export class AllowList {
  readonly #names = new Set<string>();
  readonly #addresses = new BlockList();
  readonly #isEmpty: boolean;

  /** `lookupMs`: how long a name server may take; a name that it does not tell by then is one that is not known. */
  constructor(
    entries: readonly string[],
    readonly lookupMs = 3_000,
  ) {
    this.#isEmpty = entries.length === 0;
    for (const entry of entries) this.add(entry);
  }

  takesName(host: string): boolean {
    return this.#isEmpty || this.#names.has(host.toLowerCase());
  }

  takesAddress(address: string): boolean {
    const plain = unmapped(address);
    return this.#isEmpty || this.#addresses.check(plain, familyOf(plain));
  }

  private add(entry: string): void {
    const [address = '', bits] = entry.split('/');
    if (isIP(address) === 0) {
      if (bits !== undefined || !/^[\w.-]+$/.test(entry))
        throw new Error(`has "${entry}", which is no host or subnet`);
      this.#names.add(entry.toLowerCase());
    } else if (bits === undefined) {
      this.#addresses.addAddress(address, familyOf(address));
    } else {
      const prefix = Number(bits);
      if (!/^\d+$/.test(bits) || prefix > (isIP(address) === 6 ? 128 : 32)) {
        throw new Error(`has "${entry}", which is no subnet`);
      }
      this.#addresses.addSubnet(address, prefix, familyOf(address));
    }
  }
}
