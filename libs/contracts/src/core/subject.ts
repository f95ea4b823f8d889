import type { ServiceName } from './service-name';

/** The `{token}` names inside a subject pattern, as a union of string literals. */
export type SubjectTokens<S extends string> = S extends `${string}{${infer Token}}${infer Rest}`
  ? Token | SubjectTokens<Rest>
  : never;

/** What a payload must carry so that the subject can be filled in from it. */
export type FillsSubject<S extends string> = { [K in SubjectTokens<S>]: string };

// One NATS token: no dots, wildcards or white space, or a hostile id could address another subject.
const SAFE_TOKEN = /^[A-Za-z0-9_-]{1,64}$/;

/** Fills `{token}`s from the values; throws a RangeError that names a missing or unsafe token. */
export function fillSubject(pattern: string, values: object): string {
  return pattern.replace(/\{(\w+)\}/g, (_, token: string) => {
    const value = (values as Record<string, unknown>)[token];
    if (typeof value !== 'string' || !SAFE_TOKEN.test(value)) {
      throw new RangeError(`subject ${pattern}: token "${token}" is missing or not a safe subject token`);
    }
    return value;
  });
}

/** The subscription that hears every subject of the pattern. */
export function wildcardSubject(pattern: string): string {
  return pattern.replace(/\{\w+\}/g, '*');
}

/** Core NATS nudge to whichever replica relays a service's outbox; nothing is stored. */
export function pokeSubject(service: ServiceName): string {
  return `teleop.poke.${service}`;
}
