import type { Class } from './event';
import type { ServiceName } from './service-name';

/** A question with a deadline, answered by one service over NATS request-reply. */
export interface RequestDeclaration<
  Owner extends ServiceName = ServiceName,
  Ask extends object = object,
  Reply extends object = object,
  Code extends string = string,
> {
  readonly kind: 'request';
  readonly name: string;
  readonly owner: Owner;
  readonly subject: string;
  readonly ask: Class<Ask>;
  readonly reply: Class<Reply>;
  /** Error codes that the owner may answer with; anything else is a bug on its side. */
  readonly errors: readonly Code[];
  /** Deadline in milliseconds, unless the caller says otherwise. */
  readonly timeoutMs: number;
  readonly description: string;
}

export function defineRequest<
  const O extends ServiceName,
  A extends object,
  R extends object,
  const C extends string = never,
>(spec: Omit<RequestDeclaration<O, A, R, C>, 'kind'>): RequestDeclaration<O, A, R, C> {
  return Object.freeze({ ...spec, kind: 'request' as const });
}

export type AskOf<D> = D extends RequestDeclaration<ServiceName, infer A> ? A : never;
export type ReplyOf<D> = D extends RequestDeclaration<ServiceName, object, infer R> ? R : never;
export type ErrorCodeOf<D> = D extends RequestDeclaration<ServiceName, object, object, infer C> ? C : never;
