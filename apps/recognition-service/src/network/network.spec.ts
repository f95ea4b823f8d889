import { AllowList, isForbiddenAddress, isForbiddenName } from './address-rules';
import { HostRefused, HostUnknown, resolveHost } from './resolve-host';

const all = new AllowList([]);

describe('addresses', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    '255.255.255.255',
    'ff02::1',
  ])('%s is refused', (address) => {
    expect(isForbiddenAddress(address)).toBe(true);
  });

  it.each(['127.0.0.1', '10.0.0.5', '192.168.1.9', '8.8.8.8', '::1', 'fd12::5', '::ffff:10.0.0.5'])(
    '%s is where a camera may be',
    (address) => {
      expect(isForbiddenAddress(address)).toBe(false);
    },
  );

  it('of metadata services are refused by name as well', () => {
    expect(['metadata.google.internal', 'metadata', 'instance-data'].every(isForbiddenName)).toBe(true);
    expect(isForbiddenName('camera-1.school.example')).toBe(false);
  });
});

describe('a list of hosts that are allowed', () => {
  it('takes names, addresses and subnets, and nothing else', async () => {
    const some = new AllowList(['localhost', '10.1.0.0/16', '192.168.1.9', 'fd12::/16']);
    for (const host of ['localhost', '10.1.2.3', '192.168.1.9', '[fd12::5]']) {
      expect(await resolveHost(host, some)).toEqual(expect.any(String));
    }
    for (const host of ['10.2.0.1', '192.168.1.10', '127.0.0.1']) {
      await expect(resolveHost(host, some)).rejects.toThrow(HostRefused);
    }
  });

  it('does not open what is never allowed', async () => {
    await expect(resolveHost('169.254.169.254', new AllowList(['169.254.0.0/16']))).rejects.toThrow(
      HostRefused,
    );
  });

  it.each(['10.0.0.0/99', 'a b', 'http://x'])('names the entry %s that is none', (entry) => {
    expect(() => new AllowList([entry])).toThrow(entry);
  });
});

describe('a host', () => {
  it('that nobody knows is not the same as one that is refused', async () => {
    await expect(resolveHost('no.such.host.invalid', all)).rejects.toThrow(HostUnknown);
  });
});
