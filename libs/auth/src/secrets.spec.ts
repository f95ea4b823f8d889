import { bearerToken, secretsEqual, sha256, sha256Hex } from './secrets';

describe('secrets', () => {
  it('are equal only when every character is', () => {
    expect(secretsEqual('abc', 'abc')).toBe(true);
    for (const other of ['abd', 'ab', 'abcd', '', 'ABC']) expect(secretsEqual('abc', other)).toBe(false);
  });

  it('are hashed as lower-case hex', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256('abc').toString('hex')).toBe(sha256Hex('abc'));
  });

  it.each([
    ['Bearer abc.def', 'abc.def'],
    ['bearer  abc ', 'abc'],
    [undefined, undefined],
    ['', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Basic abc', undefined],
    ['Bearer a b', undefined],
    ['Bearer a, Bearer b', undefined],
    [`Bearer ${' '.repeat(50_000)}`, undefined],
  ])('are taken from the header %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });
});
