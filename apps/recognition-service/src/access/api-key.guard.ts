import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { secretsEqual } from '@teleop/auth';
import { Documented, InjectConfig, ProblemError } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';

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
    throw new ProblemError(401, 'UNAUTHORIZED', missing ? 'X-API-Key is needed' : 'X-API-Key is not valid');
  }
}
