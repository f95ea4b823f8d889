import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JwtService } from '@nestjs/jwt';

export const USER = '7f1c2a34-1111-4222-8333-444455556666';
const IN_AN_HOUR = () => Math.floor(Date.now() / 1000) + 3600;
export const claims = (changes: object = {}) => ({
  sub: USER,
  name: 'Ann',
  role: 'Operator',
  exp: IN_AN_HOUR(),
  ...changes,
});

export interface Issuer {
  readonly url: string;
  readonly requests: () => number;
  readonly publicPem: string;
  sign(algorithm: 'RS256' | 'ES256', payload: object, kid?: string): string;
  close(): Promise<void>;
}

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;

/** An issuer that publishes an RSA and an EC key over HTTP. */
export async function startIssuer(): Promise<Issuer> {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = [
    { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'RS256', use: 'sig', alg: 'RS256' },
    { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ES256', use: 'sig', alg: 'ES256' },
  ];
  let requests = 0;
  const server: Server = createServer((_req, res) => {
    requests++;
    res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const jwt = new JwtService();
  const privateKeys = { RS256: pem(rsa.privateKey), ES256: pem(ec.privateKey) };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    requests: () => requests,
    publicPem: rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string,
    sign: (algorithm, payload, kid = algorithm) =>
      jwt.sign(payload, { privateKey: privateKeys[algorithm], algorithm, keyid: kid }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
