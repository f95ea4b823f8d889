import { HttpException } from '@nestjs/common';

/** `{ code, detail, headers }` is what service-kit's problem filter turns into the answer. */
class AuthException extends HttpException {
  constructor(
    status: number,
    code: string,
    detail: string,
    headers: Record<string, string>,
    cause?: unknown,
  ) {
    super({ code, detail, headers }, status, { cause });
    this.message = detail;
  }
}

/** 401: nobody we know. Says to the caller what to send; never what was wrong with a secret. */
export class UnauthorizedToken extends AuthException {
  override readonly name = 'UnauthorizedToken';

  constructor(reason: string, options?: ErrorOptions) {
    super(401, 'UNAUTHORIZED', `Not authorized: ${reason}`, { 'www-authenticate': 'Bearer' }, options?.cause);
  }
}

/** 403: known, but not allowed. */
export class ForbiddenRole extends AuthException {
  override readonly name = 'ForbiddenRole';

  constructor(detail: string) {
    super(403, 'FORBIDDEN', detail, {});
  }
}

/** 503: the keys that a token must be checked with could not be fetched. The token may be good. */
export class KeysUnavailable extends AuthException {
  override readonly name = 'KeysUnavailable';

  constructor(options?: ErrorOptions) {
    super(
      503,
      'SERVICE_UNAVAILABLE',
      'The keys to check tokens with are not available',
      { 'retry-after': '5' },
      options?.cause,
    );
  }
}
