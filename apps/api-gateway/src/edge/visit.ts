import type { ServerResponse } from 'node:http';
import type { Caller } from '../proxy/forward-headers';

/** What the front door knows about a request before anybody answers it. Header lists are flat: name, value, name, … */
export interface Visit {
  readonly caller: Caller;
  /** Set on every answer: request id, CORS. */
  readonly answerHeaders: readonly string[];
  /** Set where the answer does not say otherwise: security headers. */
  readonly defaultHeaders: readonly string[];
  /** Puts both on an answer of our own. */
  decorate(res: ServerResponse): void;
}
