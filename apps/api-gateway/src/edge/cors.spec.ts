import { Cors } from './cors';

describe('the allow-list of origins', () => {
  it('lets in the listed origins and nobody else', () => {
    const cors = new Cors(['https://console.example.org/'], 600);
    expect(cors.allows('https://console.example.org', 'api.example.org')).toBe(true);
    expect(cors.allows('https://console.example.org.evil.net', 'api.example.org')).toBe(false);
    expect(cors.allows('http://console.example.org', 'api.example.org')).toBe(false);
    expect(cors.allows('http://localhost:3000', 'api.example.org')).toBe(false);
    expect(cors.allows('null', 'api.example.org')).toBe(false);
  });

  it('lets in pages that the gateway served itself', () => {
    expect(new Cors([], 600).allows('http://api.example.org:3000', 'api.example.org:3000')).toBe(true);
  });

  it('takes `localhost` for any port of this machine, and for no look-alike', () => {
    const cors = new Cors(['localhost'], 600);
    for (const origin of [
      'http://localhost:5173',
      'http://127.0.0.1:8080',
      'http://[::1]:1',
      'http://app.localhost',
    ]) {
      expect(cors.allows(origin, 'x')).toBe(true);
    }
    expect(cors.allows('http://localhost.evil.net', 'x')).toBe(false);
    expect(cors.allows('http://127.0.0.1.evil.net', 'x')).toBe(false);
  });

  it('takes `*` for everybody', () => {
    expect(new Cors(['*'], 600).allows('https://anything.example', 'x')).toBe(true);
  });
});
