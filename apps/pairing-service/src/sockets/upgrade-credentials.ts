import { bearerToken } from '@teleop/auth';
import { ProblemError, type UpgradeRequest } from '@teleop/service-kit';

const MAX_TOKEN = 512;

/** `?token=`, else the bearer token. */
export function tokenOf(req: UpgradeRequest): string | undefined {
  const token = req.query.get('token') ?? bearerToken(req.headers.authorization);
  return token === undefined || token.length > MAX_TOKEN ? undefined : token;
}

export function notYours(): ProblemError {
  return new ProblemError(401, 'UNAUTHORIZED', 'The pairing token is missing, unknown or has expired', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

export function resumeRefused(): ProblemError {
  return new ProblemError(401, 'RESUME_REFUSED', 'There is no such session to go on with; pair again', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}
