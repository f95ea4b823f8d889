import { tokenAmong } from './token-among';

const TOKEN = 'Tm90IGEgdG9rZW4sIGJ1dCBhcyBsb25nIGFzIG9uZQ';

describe('the token on the command line of a phone', () => {
  it.each([TOKEN, `-${TOKEN}`, `--${TOKEN}`])('may begin with dashes: %s', (token) => {
    expect(tokenAmong([token])).toBe(token);
    expect(tokenAmong(['--url', 'http://127.0.0.1:3000', token])).toBe(token);
  });

  it.each([
    [],
    ['--help'],
    ['--url', 'http://127.0.0.1:3000'],
    ['--url=http://a-host-with-a-long-name.example:3000'],
  ])('is none of %j', (...args) => expect(tokenAmong(args)).toBeUndefined());
});
