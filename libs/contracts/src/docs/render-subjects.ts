import { EVENTS, FEEDS, REQUESTS } from '../catalog';
import { STREAMS, deadLetterSubject } from '../core/streams';
import { pokeSubject, wildcardSubject } from '../core/subject';
import { PAIRING_REPLICA_SUBJECT } from '../pairing/replicas';
import { FRAME_SUBJECTS } from '../robots/frames';
import { SERVICES, type ServiceName } from '../core/service-name';

const DAY_MS = 24 * 3_600_000;

/** Padded as prettier pads, which checks the file like any other. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [first = [], ...others] = cells;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n');
}

const code = (text: string) => `\`${text}\``;

function events(): string {
  return table(
    ['subject', 'event', 'owner', 'stream', 'payload', 'delivery', 'what it says'],
    EVENTS.map((event) => {
      const { ackWaitMs, maxDeliver, latestOnly } = event.delivery;
      const delivery = `${maxDeliver} deliveries, ack within ${ackWaitMs / 1_000} s${latestOnly ? ', latest only' : ''}`;
      return [
        code(event.subject),
        event.name,
        event.owner,
        event.stream,
        code(event.payload.name),
        delivery,
        event.description,
      ];
    }),
  );
}

function requests(): string {
  return table(
    ['subject', 'request', 'owner', 'asks with', 'is answered with', 'refusals', 'deadline', 'what it asks'],
    REQUESTS.map((request) => [
      code(request.subject),
      request.name,
      request.owner,
      code(request.ask.name),
      code(request.reply.name),
      request.errors.map(code).join(' ') || '–',
      `${request.timeoutMs} ms`,
      request.description,
    ]),
  );
}

function feeds(): string {
  return table(
    ['subject', 'feed', 'owner', 'payload', 'what it says'],
    FEEDS.map(({ subject, name, owner, payload, description }) => [
      code(subject),
      name,
      owner,
      code(payload.name),
      description,
    ]),
  );
}

function streams(): string {
  return table(
    ['stream', 'subjects', 'kept', 'at most', 'dedupe window', 'what it holds'],
    Object.entries(STREAMS).map(([name, stream]) => [
      name,
      stream.subjects.map(code).join(' '),
      `${stream.maxAgeMs / DAY_MS} days`,
      `${stream.maxBytes / 1024 ** 2} MiB`,
      `${stream.dedupeWindowMs / 1_000} s`,
      stream.description,
    ]),
  );
}

function coreSubjects(): string {
  const service = '{service}' as ServiceName;
  return table(
    ['subject', 'use'],
    [
      ...Object.entries(FRAME_SUBJECTS).map(([name, subject]) => [code(subject), `frames: ${name}`]),
      [code(PAIRING_REPLICA_SUBJECT), 'requests between replicas of pairing-service'],
      [code(pokeSubject(service)), 'wakes the replica that relays this service’s outbox'],
      [
        code(deadLetterSubject(service, '{consumer}')),
        'stored: a message that this consumer could not handle',
      ],
    ],
  );
}

/** The text of docs/subjects.md: every NATS subject there is. */
export function renderSubjects(): string {
  return [
    '# Subjects',
    '<!-- Generated from libs/contracts by `npx nx run contracts:subjects`; a spec compares it. Do not edit. -->',
    `Services: ${Object.keys(SERVICES).join(', ')}.`,
    '## Events (JetStream)',
    `Written to the owner’s outbox, relayed with \`Nats-Msg-Id\`, consumed once per event id. A consumer hears \`${wildcardSubject('{token}')}\` where a subject has a token.`,
    events(),
    '## Requests (core NATS, request-reply)',
    requests(),
    '## Feeds (core NATS)',
    'Present state that changes often: the newest wins, nothing is stored. Who was away asks for it.',
    feeds(),
    '## Streams',
    streams(),
    '## Other subjects',
    coreSubjects(),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}
