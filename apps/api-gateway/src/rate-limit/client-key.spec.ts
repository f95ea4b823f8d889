import { clientKey } from './client-key';

describe('whom a limit counts', () => {
  it.each([
    ['10.0.0.7', '10.0.0.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1::5:6:7:8:9:a', '1:0:5:6::/64'],
  ])('counts %s as %s', (address, key) => expect(clientKey(address)).toBe(key));
});
