import { KeysUnavailable, UnauthorizedToken, type JwtVerifier } from '@teleop/auth';
import { ConnectRefused } from './connect-refused';

/** When a good token ends, in milliseconds since the epoch. Throws ConnectRefused for any other. */
export async function tokenExpiry(token: string, verifier: JwtVerifier): Promise<number> {
  try {
    const { claims } = await verifier.verify(token);
    return (claims.exp as number) * 1_000;
  } catch (error) {
    if (error instanceof UnauthorizedToken)
      throw new ConnectRefused('UNAUTHORIZED', error.message, undefined, error);
    if (error instanceof KeysUnavailable)
      throw new ConnectRefused('SERVICE_UNAVAILABLE', error.message, undefined, error);
    throw error;
  }
}
