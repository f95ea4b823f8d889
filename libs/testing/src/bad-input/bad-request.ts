import type { Operation } from './operations';

/** A request as it goes over the wire: nothing is encoded, merged or refused on the way. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  /** In order, duplicates and all; characters are sent as Latin-1. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer;
}

export type Expectation =
  | {
      readonly kind: 'refused';
      readonly statuses: readonly number[];
      readonly code?: string;
      /** One of these (or a path below it) must be named in `errors` of a 400. */
      readonly fields?: readonly string[];
    }
  /** Odd, but good by the document: anything declared below 500, except that a field is bad. */
  | { readonly kind: 'answered' }
  /** The document does not say: anything but a failure. */
  | { readonly kind: 'either' };

export interface BadRequest {
  readonly name: string;
  readonly operation: Operation | undefined;
  readonly request: WireRequest;
  readonly expected: Expectation;
  /** Refused before it reaches the operation, so the answer need not be one that the operation declares. */
  readonly beforeRouting?: boolean;
}

export const ANSWERED: Expectation = { kind: 'answered' };
export const EITHER: Expectation = { kind: 'either' };

export function refused(statuses: number | readonly number[], ...fields: string[]): Expectation {
  return { kind: 'refused', statuses: [statuses].flat(), ...(fields.length > 0 && { fields }) };
}

export function invalid(...fields: string[]): Expectation {
  return { kind: 'refused', statuses: [400], code: 'VALIDATION_FAILED', fields };
}
