import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { secretsEqual } from '@teleop/auth';
import { Documented, InjectConfig, ProblemError } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';

/** A scheme that browsers know nothing of: they would ask people for a password. */
export function unauthorized(detail: string): ProblemError {
  return new ProblemError(401, 'UNAUTHORIZED', detail, {
    headers: { 'www-authenticate': 'ApiKey header="X-API-Key"' },
  });
}

type Key = Pick<RecognitionConfig, 'RECOGNITION_API_KEY'>;

export function keyOpens(headers: IncomingHttpHeaders, { RECOGNITION_API_KEY }: Key): boolean {
  const key = headers['x-api-key'];
  return typeof key === 'string' && secretsEqual(key, RECOGNITION_API_KEY);
}

/** `X-API-Key: <RECOGNITION_API_KEY>`, the attendance backend’s. Comes before the body is judged. */
@Injectable()
@Documented({ security: ['apiKey'] })
export class ApiKeyGuard implements CanActivate {
  constructor(@InjectConfig() private readonly config: RecognitionConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<IncomingMessage>();
    if (keyOpens(headers, this.config)) return true;
    const missing = headers['x-api-key'] === undefined;
    throw unauthorized(missing ? 'X-API-Key is needed' : 'X-API-Key is not valid');
  }
}
