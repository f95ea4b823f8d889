import { clientAddress, trustProxy } from './trust-proxy';

describe('the address of a caller', () => {
  it.each([
    ['false', '1.2.3.4', '9.9.9.9', '1.2.3.4'],
    ['loopback', '::ffff:127.0.0.1', '9.9.9.9', '9.9.9.9'],
    ['loopback', '1.2.3.4', '9.9.9.9', '1.2.3.4'],
    ['loopback,10.0.0.0/8', '127.0.0.1', '6.6.6.6, 9.9.9.9, 10.1.2.3', '9.9.9.9'],
    ['10.0.0.7', '10.0.0.7', '', '10.0.0.7'],
    ['loopback', '127.0.0.1', 'nonsense, 5.5.5.5', '5.5.5.5'],
    ['true', '1.2.3.4', '9.9.9.9, 8.8.8.8', '9.9.9.9'],
    ['fd00::/8', 'fd00::1', '9.9.9.9', '9.9.9.9'],
  ])('TRUST_PROXY=%s, peer %s, X-Forwarded-For "%s": %s', (trust, peer, forwarded, expected) => {
    expect(clientAddress(trustProxy(trust))(peer, forwarded)).toBe(expected);
  });
});
