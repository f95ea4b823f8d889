import { createHmac } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { KeysUnavailable, UnauthorizedToken } from './auth-errors';
import { claims, startIssuer, USER, type Issuer } from './jwks.spec-support';
import { JwtSigner } from './jwt-signer';
import { JwtVerifier } from './jwt-verifier';
import { KeySource } from './key-source';

const SECRET = 'dev-jwt-secret';
const verifierOf = (jwksUrl?: string) =>
  new JwtVerifier(new KeySource({ jwtSecret: SECRET, internalToken: 'x', jwksUrl }));
const jwt = new JwtService({ secret: SECRET });
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const refused = (token: string, verifier = verifierOf()) =>
  expect(verifier.verify(token)).rejects.toBeInstanceOf(UnauthorizedToken);

describe('JwtVerifier with a secret', () => {
  it('takes a token without a role for the least there is', async () => {
    const { role: _role, ...withoutRole } = claims({});
    expect(await verifierOf().verify(jwt.sign(withoutRole))).toMatchObject({ userId: USER, role: 'Viewer' });
  });

  it('says who is calling, with the role in our spelling', async () => {
    const principal = await verifierOf().verify(jwt.sign(claims({ role: 'oPERATOR', team: 'a' })));
    expect(principal).toMatchObject({ userId: USER, name: 'Ann', role: 'Operator', claims: { team: 'a' } });
  });

  it('takes what JwtSigner signs, until it expires', async () => {
    const signer = new JwtSigner({ jwtSecret: SECRET, internalToken: 'x' });
    const subject = { sub: USER, name: 'Ann', role: 'Admin' } as const;
    expect(await verifierOf().verify(signer.sign(subject, 60))).toMatchObject({
      userId: USER,
      role: 'Admin',
    });
    await refused(signer.sign(subject, -1));
  });

  it.each([
    ['no expiry', { exp: undefined }],
    ['an expiry that passed', { exp: 1 }],
    ['an expiry that is a text', { exp: '9999999999' }],
    ['a start in the future', { nbf: Math.floor(Date.now() / 1000) + 600 }],
    ['no subject', { sub: undefined }],
    ['a subject that is no UUID', { sub: 'ann' }],
    ['an unknown role', { role: 'Root' }],
    ['a role that is a list', { role: ['Admin'] }],
    ['a name that is an object', { name: {} }],
    ['a name that cannot be stored', { name: 'a\0' }],
  ])('refuses a token with %s', async (_, changes) => {
    const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims(changes))}`;
    await refused(`${body}.${createHmac('sha256', SECRET).update(body).digest('base64url')}`);
  });

  it('refuses other secrets, changed bodies, and algorithms it does not take', async () => {
    const good = jwt.sign(claims());
    const [head, , signature] = good.split('.');
    await refused(new JwtService({ secret: 'other' }).sign(claims()));
    await refused(`${head}.${part(claims({ role: 'Admin' }))}.${signature}`);
    await refused(`${part({ alg: 'none' })}.${part(claims())}.`);
    await refused(jwt.sign(claims(), { algorithm: 'HS512' }));
  });

  it.each(['', '.', '..', 'a.b.c', 'null.x.y', `${part(null)}.x.y`, `${part([])}.x.y`, 'x'.repeat(100_000)])(
    'refuses the rubbish %j',
    (token) => refused(token),
  );
});

describe('JwtVerifier with published keys', () => {
  let issuer: Issuer;

  beforeEach(async () => {
    issuer = await startIssuer();
  });
  afterEach(() => issuer.close());

  it('takes RS256 and ES256, fetches the keys once, and still takes our own tokens', async () => {
    const verifier = verifierOf(issuer.url);
    for (const algorithm of ['RS256', 'ES256', 'RS256', 'ES256'] as const) {
      expect(await verifier.verify(issuer.sign(algorithm, claims()))).toMatchObject({ userId: USER });
    }
    expect(issuer.requests()).toBeLessThanOrEqual(2);
    expect(await verifier.verify(jwt.sign(claims()))).toMatchObject({ userId: USER });
  });

  it('refuses them when no keys are configured', async () => {
    await refused(issuer.sign('RS256', claims()));
  });

  it('never uses a published key as an HMAC secret', async () => {
    const body = `${part({ alg: 'HS256', kid: 'RS256' })}.${part(claims())}`;
    const forged = `${body}.${createHmac('sha256', issuer.publicPem).update(body).digest('base64url')}`;
    await refused(forged, verifierOf(issuer.url));
  });

  it('refuses a key of another kind than the algorithm says, and key ids it does not know', async () => {
    await refused(issuer.sign('RS256', claims(), 'ES256'), verifierOf(issuer.url));
    await refused(issuer.sign('RS256', claims(), 'unknown'), verifierOf(issuer.url));
  });

  it('says that it cannot know, not that the token is bad, while the keys cannot be fetched', async () => {
    const { url } = issuer;
    const token = issuer.sign('RS256', claims());
    await issuer.close();
    await expect(verifierOf(url).verify(token)).rejects.toBeInstanceOf(KeysUnavailable);
    issuer = await startIssuer();
  });
});
