import { KeysUnavailable, UnauthorizedToken, type JwtVerifier } from '@teleop/auth';
import type { Database } from '@teleop/persistence';
import { Callers } from './callers';

const USER = '11111111-1111-4111-8111-111111111111';
const TOKEN = 'aaa.bbb.ccc';

function callersWith(verify: () => Promise<{ userId: string }>): Callers {
  return new Callers({ verify } as unknown as JwtVerifier, {} as Database);
}

describe('the credential of a bearer token', () => {
  it('is a JWT when it is valid and names the user of the body', async () => {
    const callers = callersWith(() => Promise.resolve({ userId: USER }));
    expect(await callers.credentialFrom(TOKEN, USER.toUpperCase())).toEqual({ kind: 'jwt' });
  });

  it('is taken for a hash_code when it is not a valid token, or somebody else’s', async () => {
    const invalid = callersWith(() => Promise.reject(new UnauthorizedToken('expired')));
    expect(await invalid.credentialFrom(TOKEN, USER)).toMatchObject({ kind: 'hash-code' });
    const others = callersWith(() => Promise.resolve({ userId: '22222222-2222-4222-8222-222222222222' }));
    expect(await others.credentialFrom(TOKEN, USER)).toMatchObject({ kind: 'hash-code' });
  });

  it('is unknown, not wrong, while the keys to check it with cannot be had', async () => {
    const callers = callersWith(() => Promise.reject(new KeysUnavailable(new Error('away'))));
    await expect(callers.credentialFrom(TOKEN, USER)).rejects.toBeInstanceOf(KeysUnavailable);
  });

  it('is 401 without a bearer token', async () => {
    const callers = callersWith(() => Promise.reject(new Error('not asked')));
    await expect(callers.credentialOf('Basic abc', USER)).rejects.toMatchObject({ status: 401 });
    await expect(callers.credentialOf(undefined, USER)).rejects.toMatchObject({ status: 401 });
  });
});
