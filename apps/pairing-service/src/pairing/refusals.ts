import { ProblemError } from '@teleop/service-kit';
import type { ClaimRefusal } from './pairing-tokens';

const CLAIM: Readonly<Record<ClaimRefusal, readonly [status: number, detail: string]>> = {
  TOKEN_UNKNOWN: [404, 'There is no such pairing token'],
  TOKEN_EXPIRED: [410, 'The pairing token has expired; scan the code that is shown now'],
  APP_CONNECTION_UNKNOWN: [404, 'There is no such connection of an app with this pairing token'],
  TOKEN_ALREADY_CLAIMED: [409, 'The pairing token was claimed already'],
  DEVICE_NOT_CONNECTED: [409, 'The device is not connected; try again when it is'],
  DEVICE_BUSY: [409, 'The device is in a session'],
};

export function claimRefused(code: ClaimRefusal): ProblemError {
  const [status, detail] = CLAIM[code];
  return new ProblemError(status, code, detail);
}

/** One answer for everything that can be wrong: it does not tell which devices exist. */
export function signatureMismatch(): ProblemError {
  return new ProblemError(
    401,
    'SIGNATURE_MISMATCH',
    'The signature is not the device’s over its present nonce',
    // RFC 9110 asks for a challenge with every 401; this one is the nonce of /pair/prepare.
    { headers: { 'www-authenticate': 'EIP-191' } },
  );
}
