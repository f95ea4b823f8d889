import { EVENTS, FRAME_SUBJECTS, REQUESTS } from '@teleop/contracts';

/** Every NATS subject there is, as a page for people. */
export function buildSubjectTable(): string {
  const rows = (lines: readonly string[][]) => lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const head = (...titles: string[]) => rows([titles, titles.map(() => '---')]);
  const events = EVENTS.map((event) => [
    `\`${event.subject}\``,
    event.name,
    event.owner,
    event.stream,
    event.payload.name,
    event.description,
  ]);
  const requests = REQUESTS.map((request) => [
    `\`${request.subject}\``,
    request.name,
    request.owner,
    `${request.ask.name} → ${request.reply.name}`,
    request.errors.join(', ') || '–',
    `${request.timeoutMs} ms`,
    request.description,
  ]);
  const frames = Object.entries(FRAME_SUBJECTS).map(([name, subject]) => [`\`${subject}\``, name]);
  return `# NATS subjects

Generated from \`libs/contracts\` by \`generate:documents\` of api-gateway; a test compares it.

## Events (JetStream, through the outbox)

${head('subject', 'event', 'owner', 'stream', 'payload', 'meaning')}
${rows(events)}

## Requests (request-reply)

${head('subject', 'request', 'answered by', 'ask → reply', 'refusals', 'deadline', 'meaning')}
${rows(requests)}

## Frames (core NATS, dropped rather than queued)

${head('subject', 'direction')}
${rows(frames)}
`;
}
