import { HttpException } from '@nestjs/common';
import { isOperational, SERVICES } from '@teleop/contracts';
import { ProblemError } from './problem-error';

const CODES: Record<number, string> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  411: 'LENGTH_REQUIRED',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE',
  429: 'TOO_MANY_REQUESTS',
  431: 'HEADERS_TOO_LARGE',
  501: 'NOT_IMPLEMENTED',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
};

const DETAILS: Record<number, string> = {
  404: 'There is nothing at this address',
  413: 'The body is larger than this endpoint takes',
  415: 'The body must be application/json',
};

export function invalidBody(message: string, cause: unknown): ProblemError {
  return new ProblemError(400, 'VALIDATION_FAILED', 'The body is not valid JSON', {
    errors: [{ path: 'body', message }],
    cause,
  });
}

function badUrl(cause: unknown): ProblemError {
  return new ProblemError(400, 'VALIDATION_FAILED', 'The address is not validly encoded', {
    errors: [{ path: 'url', message: 'must be validly percent-encoded' }],
    cause,
  });
}

/** Errors of Fastify, Express and body-parser: `statusCode`, and a `code` or `type` that tells them apart. */
interface FrameworkError {
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
}

// Only text of ours or of the frameworks reaches the caller for these; anything else might quote a secret.
const BAD_JSON = new Set([
  'entity.parse.failed',
  'FST_ERR_CTP_INVALID_JSON_BODY',
  'FST_ERR_CTP_EMPTY_JSON_BODY',
]);
const BAD_BODY = new Set([
  'charset.unsupported',
  'encoding.unsupported',
  'request.size.invalid',
  'stream.encoding.set',
  'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
]);

function isFrameworkError(error: unknown): error is FrameworkError & Error {
  if (!(error instanceof Error)) return false;
  const { status, statusCode, code, type } = error as FrameworkError;
  const known = (typeof code === 'string' && code.startsWith('FST_')) || typeof type === 'string';
  return known && typeof (statusCode ?? status) === 'number';
}

function fromFramework(error: FrameworkError & Error): ProblemError {
  const status = Number(error.statusCode ?? error.status);
  const mark = String(error.type ?? error.code);
  if (mark === 'FST_ERR_BAD_URL') return badUrl(error);
  if (BAD_JSON.has(mark)) return invalidBody('must be valid JSON', error);
  if (BAD_BODY.has(mark) && status < 500)
    return invalidBody('could not be read as declared by its headers', error);
  if (status >= 400 && status < 500) return byStatus(status, error);
  return internal(error);
}

function byStatus(status: number, cause: unknown): ProblemError {
  const code = CODES[status] ?? (status >= 500 ? 'INTERNAL_ERROR' : 'BAD_REQUEST');
  return new ProblemError(status, code, DETAILS[status] ?? sentence(code), { cause });
}

function sentence(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function internal(cause: unknown): ProblemError {
  return new ProblemError(500, 'INTERNAL_ERROR', 'Something went wrong on our side', { cause });
}

/** Exceptions of libs that cannot import ProblemError carry `{ code, detail, headers? }` as their response. */
interface CodedResponse {
  readonly code: string;
  readonly detail: string;
  readonly headers?: Record<string, string>;
}

function isCoded(response: unknown): response is CodedResponse {
  const { code, detail } = (response ?? {}) as { code?: unknown; detail?: unknown };
  return typeof code === 'string' && typeof detail === 'string';
}

function fromHttpException(error: HttpException): ProblemError {
  const status = error.getStatus();
  const response = error.getResponse();
  if (isCoded(response)) {
    return new ProblemError(status, response.code, response.detail, {
      headers: response.headers,
      cause: error,
    });
  }
  // Nest wraps the errors of parsers and routers, and keeps them as the cause.
  if (isFrameworkError(error.cause)) return fromFramework(error.cause);
  if (error.cause instanceof URIError) return badUrl(error);
  if (status >= 500) return CODES[status] && status !== 500 ? byStatus(status, error) : internal(error);
  return byStatus(status, error);
}

/** The one place that decides what a caller learns about an error. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof HttpException) return fromHttpException(error);
  if (error instanceof URIError) return badUrl(error);
  if (isFrameworkError(error)) return fromFramework(error);
  if (mayPass(error)) return unavailable(error);
  return internal(error);
}

// Errors of libraries that do not say `operational` themselves; ioredis tells most of its own apart by text only.
const AWAY = new Set(['ServiceUnavailable', 'RequestTimedOut', 'MaxRetriesPerRequestError']);
const REDIS_AWAY = /^(Stream isn't writeable|Connection is closed|Command timed out)/;

function mayPass(error: unknown): boolean {
  if (isOperational(error)) return true;
  return error instanceof Error && (AWAY.has(error.name) || REDIS_AWAY.test(error.message));
}

/** Names the service that did not answer, when the error knows it; never hosts or statements. */
function unavailable(cause: unknown): ProblemError {
  const { service } = cause as { service?: unknown };
  const what =
    typeof service === 'string' && Object.hasOwn(SERVICES, service) ? service : 'A part that this needs';
  return new ProblemError(503, 'SERVICE_UNAVAILABLE', `${what} is not available; try again`, {
    headers: { 'retry-after': '1' },
    cause,
  });
}
