import fc from 'fast-check';
import { hostOf, robotHostReader, robotUrl, urlHost } from './robot-address';

describe('the host of a robot’s URL', () => {
  it.each([
    ['10.0.0.7', '10.0.0.7'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['::FFFF:10.0.0.7', '10.0.0.7'],
    [' 10.0.0.7 ', '10.0.0.7'],
    ['fd00::1', '[fd00::1]'],
    ['FE80::1%eth0', '[fe80::1]'],
  ])('of %s is %s', (address, host) => {
    expect(urlHost(address)).toBe(host);
    expect(hostOf(robotUrl(host, 8000))).toBe(host);
  });

  it.each(['', 'evil.example', '10.0.0.7:80', '10.0.0.7/x', '10.0.0', 'a@10.0.0.7', undefined])(
    'is not had from %s',
    (address) => expect(urlHost(address)).toBeUndefined(),
  );

  it('is always one that a URL can be made of, and found again in it', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()),
        fc.integer({ min: 1, max: 65_535 }),
        (text, port) => {
          const host = urlHost(text);
          if (host === undefined) return;
          const url = robotUrl(host, port);
          expect(URL.canParse(url)).toBe(true);
          expect(new URL(url).pathname).toBe('/');
          // The same address, however it was written, is one host.
          expect(hostOf(robotUrl(hostOf(url) as string, port))).toBe(hostOf(url));
        },
      ),
    );
  });
});

describe('where a robot that registers is', () => {
  it.each([
    ['false', '127.0.0.1', { 'x-real-ip': '9.9.9.9', 'x-forwarded-for': '8.8.8.8' }, '127.0.0.1'],
    ['loopback', '::ffff:127.0.0.1', { 'x-real-ip': '9.9.9.9', 'x-forwarded-for': '8.8.8.8' }, '9.9.9.9'],
    ['loopback', '127.0.0.1', { 'x-forwarded-for': '8.8.8.8, 127.0.0.1' }, '8.8.8.8'],
    ['loopback', '127.0.0.1', { 'x-real-ip': 'nonsense', 'x-forwarded-for': '::ffff:8.8.8.8' }, '8.8.8.8'],
    ['loopback', '127.0.0.1', { 'x-real-ip': 'a@b', 'x-forwarded-for': 'unknown' }, '127.0.0.1'],
    ['loopback', '7.7.7.7', { 'x-real-ip': '9.9.9.9' }, '7.7.7.7'],
    ['true', '7.7.7.7', { 'x-real-ip': 'fd00::2' }, '[fd00::2]'],
  ])('TRUST_PROXY=%s, peer %s, %j: %s', (trust, peer, headers, host) => {
    expect(robotHostReader(trust)(peer, headers)).toBe(host);
  });

  it('is nowhere without any address', () => {
    expect(robotHostReader('true')(undefined, {})).toBeUndefined();
  });
});
