import type { Class } from './event';
import type { ServiceName } from './service-name';
import { fillSubject, type FillsSubject } from './subject';

/**
 * Present state that changes often, over core NATS: the newest wins, nothing is stored or acknowledged. Who joins late, or
 * was cut off, asks the owner for the present state; a version that only grows tells which of two is newer.
 */
export interface FeedDeclaration<
  Owner extends ServiceName = ServiceName,
  Payload extends object = object,
  Subject extends string = string,
> {
  readonly kind: 'feed';
  readonly name: string;
  readonly owner: Owner;
  readonly subject: Subject;
  readonly payload: Class<Payload>;
  readonly description: string;
}

interface FeedSpec<O extends ServiceName, S extends string, P extends FillsSubject<S>> {
  readonly name: string;
  readonly owner: O;
  readonly subject: S;
  readonly payload: Class<P>;
  readonly description: string;
}

/** Declares a feed. Does not compile when the subject has a token that the payload lacks. */
export function defineFeed<const O extends ServiceName, const S extends string, P extends FillsSubject<S>>(
  spec: FeedSpec<O, S, P>,
): FeedDeclaration<O, P, S> {
  return Object.freeze({ ...spec, kind: 'feed' });
}

export function feedSubject<P extends object>(
  feed: FeedDeclaration<ServiceName, P>,
  payload: NoInfer<P>,
): string {
  return fillSubject(feed.subject, payload);
}
