import { atLeast, format, parseVersion } from './version';

describe('version', () => {
  it.each([
    ['postgres (PostgreSQL) 18.4', [18, 4]],
    ['postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', [15, 18]],
    ['postgres (PostgreSQL) 18beta2', [18]],
    ['nats-server: v2.14.0', [2, 14, 0]],
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64', [7, 0, 15]],
    ['7.0.15-1~deb12u10', [7, 0, 15]],
  ])('reads %s', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  it('is null when there is no number to read', () => {
    expect(parseVersion('command not found')).toBeNull();
  });

  it.each([
    [[2, 10], [2, 10], true],
    [[2, 9, 25], [2, 10], false],
    [[2, 10, 0, 1], [2, 10], true],
    [[3], [2, 10], true],
    [[6, 0, 16], [6, 2], false],
    [[20], [20, 0], true],
  ])('compares %j with the minimum %j by numbers, not by text: %s', (version, minimum, expected) => {
    expect(atLeast(version, minimum)).toBe(expected);
  });

  it('writes what it read', () => {
    expect(format([2, 14, 0])).toBe('2.14.0');
  });
});
