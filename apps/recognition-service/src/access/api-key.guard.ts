import type { IncomingMessage } from 'node:http';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { secretsEqual } from '@teleop/auth';
import { Documented, InjectConfig, ProblemError } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';

/** `X-API-Key: <RECOGNITION_API_KEY>`, the attendance backend’s. Comes before the body is judged. */
@Injectable()
@Documented({ security: ['apiKey'] })
export class ApiKeyGuard implements CanActivate {
  constructor(@InjectConfig() private readonly config: RecognitionConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<IncomingMessage>();
    const key = headers['x-api-key'];
    if (typeof key !== 'string') throw refused('X-API-Key is needed');
    if (!secretsEqual(key, this.config.RECOGNITION_API_KEY)) throw refused('X-API-Key is not valid');
    return true;
  }
}

function refused(detail: string): ProblemError {
  return new ProblemError(401, 'UNAUTHORIZED', detail);
}
