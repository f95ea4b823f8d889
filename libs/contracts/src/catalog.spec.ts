import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  deadLetterSubject,
  EVENTS,
  FEEDS,
  eventFilter,
  eventSubject,
  FRAME_SUBJECTS,
  pokeSubject,
  REQUESTS,
  SERVICES,
  STREAMS,
  validate,
  wildcardSubject,
  type ServiceName,
} from './index';
import * as contracts from './index';
import { renderSubjects } from './docs/render-subjects';

const FIXTURES = path.join(__dirname, '../fixtures');
const files = readdirSync(FIXTURES).filter((file) => file.endsWith('.json'));
const versionOf = (subject: string) => /\.(v\d+)(\.|$)/.exec(subject)?.[1] ?? 'unversioned';
const prefixOf = (event: { name: string; subject: string }) => `${event.name}.${versionOf(event.subject)}.`;

/** Whether a NATS pattern (`*` one token, `>` the rest) hears a subject; a wildcard in the subject is a token. */
function hears(pattern: string, subject: string): boolean {
  const [wanted, given] = [pattern.split('.'), subject.split('.')];
  for (const [index, token] of wanted.entries()) {
    if (token === '>') return given.length > index;
    if (given[index] === undefined || (token !== '*' && given[index] !== '*' && token !== given[index]))
      return false;
  }
  return wanted.length === given.length;
}

const streamsHearing = (subject: string) =>
  Object.entries(STREAMS).flatMap(([name, { subjects }]) =>
    subjects.some((pattern) => hears(pattern, subject)) ? [name] : [],
  );
const repeated = (values: readonly string[]) =>
  values.filter((value, index) => values.indexOf(value) !== index);

describe('the catalog', () => {
  it('lists every event and request that the library exports', () => {
    const declared = (kind: string) =>
      Object.values(contracts).filter((value) => (value as { kind?: unknown } | undefined)?.kind === kind);
    expect(new Set(declared('event'))).toEqual(new Set(EVENTS));
    expect(new Set(declared('request'))).toEqual(new Set(REQUESTS));
    expect(new Set(declared('feed'))).toEqual(new Set(FEEDS));
  });

  it('names every event and every request once', () => {
    expect(repeated([...EVENTS, ...REQUESTS, ...FEEDS].map(({ name }) => name))).toEqual([]);
    expect(repeated(Object.values(FRAME_SUBJECTS))).toEqual([]);
  });

  it('has no two subjects of which one hears the other’s messages', () => {
    const patterns = [
      ...EVENTS.map(eventFilter),
      ...REQUESTS.map(({ subject }) => subject),
      ...FEEDS.map(({ subject }) => wildcardSubject(subject)),
      ...Object.values(FRAME_SUBJECTS).map(wildcardSubject),
    ];
    const clashes = patterns.flatMap((one, index) =>
      patterns
        .slice(index + 1)
        .flatMap((other) => (hears(one, other) || hears(other, one) ? [[one, other]] : [])),
    );
    expect(clashes).toEqual([]);
  });

  it('carries the version in every subject of an event or request, but for those that the source spells', () => {
    const unversioned = [...EVENTS, ...REQUESTS].filter(
      ({ subject }) => versionOf(subject) === 'unversioned',
    );
    expect(unversioned.map(({ subject }) => subject)).toEqual([
      'robots.teach.control.{robotId}',
      'robots.teach.state.{robotId}',
    ]);
  });

  it.each(EVENTS)('stores $name in the stream it declares, and in no other', (event) => {
    expect(streamsHearing(eventFilter(event))).toEqual([event.stream]);
  });

  it('stores dead letters in their stream only, and requests, frames and pokes in none', () => {
    expect(streamsHearing(deadLetterSubject('queue-service', 'consumer'))).toEqual(['DEAD_LETTERS']);
    const core = [
      ...REQUESTS.map(({ subject }) => subject),
      ...Object.values(FRAME_SUBJECTS).map(wildcardSubject),
      ...Object.keys(SERVICES).map((name) => pokeSubject(name as ServiceName)),
    ];
    expect(core.flatMap(streamsHearing)).toEqual([]);
  });

  it('gives every stream one owner, whose relay alone decides the order in it', () => {
    const owners = new Map<string, Set<string>>();
    for (const { stream, owner } of EVENTS) owners.set(stream, (owners.get(stream) ?? new Set()).add(owner));
    expect([...owners].filter(([, of]) => of.size > 1)).toEqual([]);
  });

  it('dead-letters and waits by sane numbers', () => {
    for (const { delivery } of EVENTS) {
      expect(delivery.maxDeliver).toBeGreaterThan(1);
      expect(delivery.ackWaitMs).toBeGreaterThanOrEqual(1_000);
      expect(delivery.backoffMs.length).toBeGreaterThan(0);
      expect([...delivery.backoffMs].sort((a, b) => a - b)).toEqual(delivery.backoffMs);
    }
  });

  it('is shown in docs/subjects.md (npx nx run contracts:subjects)', () => {
    const table = readFileSync(path.join(__dirname, '../../../docs/subjects.md'), 'utf8');
    expect(table).toBe(renderSubjects());
  });
});

describe('fixtures', () => {
  it('there is one for every event', () => {
    expect(
      EVENTS.filter((event) => !files.includes(`${prefixOf(event)}json`)).map(({ name }) => name),
    ).toEqual([]);
  });

  it('there is none for an event or version that is not declared', () => {
    expect(files.filter((file) => !EVENTS.some((event) => file.startsWith(prefixOf(event))))).toEqual([]);
  });

  const cases = EVENTS.flatMap((event) =>
    files.filter((file) => file.startsWith(prefixOf(event))).map((file) => ({ event, file })),
  );

  it.each(cases)('$file is a valid $event.name and comes back as it was', ({ event, file }) => {
    const fixture = JSON.parse(readFileSync(path.join(FIXTURES, file), 'utf8'));
    const checked = validate(event.payload, fixture);
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    expect(JSON.parse(JSON.stringify(checked.value))).toEqual(fixture);
    expect(eventSubject(event, checked.value)).not.toMatch(/[{}*>\s]/);
  });

  it.each(cases)('$file is refused with any one field missing or of another type', ({ event, file }) => {
    const fixture = JSON.parse(readFileSync(path.join(FIXTURES, file), 'utf8')) as Record<string, unknown>;
    for (const field of Object.keys(fixture)) {
      const { [field]: _, ...rest } = fixture;
      const refused = validate(event.payload, rest);
      expect(refused.ok ? [] : [...new Set(refused.errors.map(({ path: at }) => at))]).toEqual([field]);
      expect(validate(event.payload, { ...rest, [field]: [true] }).ok).toBe(false);
    }
  });
});
