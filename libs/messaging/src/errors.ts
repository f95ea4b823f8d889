import type { ErrorCodeOf, OperationalError, RequestDeclaration, ServiceName } from '@teleop/contracts';

/**
 * Thrown by a consumer: the same message may work later. Without a delay the event's back-off decides; at the event's
 * last delivery it is dead-lettered all the same.
 */
export class Retry extends Error {
  override readonly name = 'Retry';
  constructor(
    message: string,
    readonly delayMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Thrown by a consumer: this message can never work; it is dead-lettered with the reason at once. */
export class Poison extends Error {
  override readonly name = 'Poison';
}

/** An owner's declared refusal of a request. Owners make it by `refuse`, which knows the declared codes. */
export class RequestRefused<Code extends string = string> extends Error {
  override readonly name = 'RequestRefused';
  constructor(
    readonly code: Code,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** What the owner of a request throws to refuse it. A code that the request does not declare does not compile. */
export function refuse<D extends RequestDeclaration>(
  _request: D,
  code: ErrorCodeOf<D>,
  detail: string,
): RequestRefused<ErrorCodeOf<D>> {
  return new RequestRefused(code, detail);
}

/** For the one who asked: narrows the error to the codes that the request declares, for an exhaustive switch. */
export function isRefusal<D extends RequestDeclaration>(
  error: unknown,
  request: D,
): error is RequestRefused<ErrorCodeOf<D>> {
  return error instanceof RequestRefused && request.errors.includes((error as RequestRefused).code);
}

/** NATS is away; nothing was sent, or nobody knows whether it arrived. */
export class NatsAway extends Error implements OperationalError {
  override readonly name = 'NatsAway';
  readonly operational = true;
  constructor(message = 'NATS is not connected', options?: ErrorOptions) {
    super(message, options);
  }
}

/** The owner of a request is not there, or cannot be reached. */
export class ServiceUnavailable extends Error implements OperationalError {
  override readonly name: string = 'ServiceUnavailable';
  readonly operational = true;
  constructor(
    readonly service: ServiceName,
    options?: ErrorOptions,
  ) {
    super(`${service} did not answer`, options);
  }
}

/** The owner of a request did not answer in time; whether it acted is unknown. */
export class RequestTimedOut extends ServiceUnavailable {
  override readonly name = 'RequestTimedOut';
}

/** The owner of a request answered with a failure it had not declared: a bug on its side. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
}
