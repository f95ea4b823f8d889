import type { ServiceName } from '@teleop/contracts';

/** Thrown by a consumer: the same message may work later. Without a delay the event's back-off decides. */
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

/** An owner's declared refusal of a request. */
export class RequestRefused<Code extends string = string> extends Error {
  override readonly name = 'RequestRefused';
  constructor(
    readonly code: Code,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** The owner of a request is not there, or cannot be reached. */
export class ServiceUnavailable extends Error {
  override readonly name: string = 'ServiceUnavailable';
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
