import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENTS, FEEDS, REQUESTS } from '@teleop/contracts';
import { buildAsyncApi } from './asyncapi';
import { generatedFiles } from './generated-files';
import type { Json } from './merge-openapi';

function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === '$ref' ? [part as string] : references(part),
  );
}

function resolve(document: Json, pointer: string): unknown {
  return pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((part, key) => (part as Json | undefined)?.[key], document);
}

function emptyEnums(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'enum' && Array.isArray(part) && part.length === 0 ? [at] : emptyEnums(part, `${at}/${key}`),
  );
}

describe('the generated documents', () => {
  it.each(Object.entries(generatedFiles()))('are committed as they are generated: %s', (name, text) => {
    const committed = readFileSync(path.join(__dirname, '..', '..', 'generated', name), 'utf8');
    // Differs? npm run generate:documents -w @teleop/api-gateway
    // The committed file has been through the formatter.
    expect(JSON.parse(committed)).toEqual(JSON.parse(text));
  });
});

describe('the AsyncAPI document', () => {
  const document = buildAsyncApi();

  it('points to nothing that is not there', () => {
    const broken = references(document).filter((pointer) => resolve(document, pointer) === undefined);
    expect(broken).toEqual([]);
  });

  it('has no enum without a member, which no schema validator takes', () => {
    expect(emptyEnums(document)).toEqual([]);
  });

  it('has every event, request and feed there is, at its subject', () => {
    const channels = document['channels'] as Record<string, { address: string }>;
    for (const { name, subject } of [...EVENTS, ...REQUESTS, ...FEEDS])
      expect(channels[name]?.address).toBe(subject);
  });

  it('has both Socket.IO namespaces, and every WebSocket of robots and their drivers', () => {
    const addresses = Object.values(document['channels'] as Record<string, { address: string }>).map(
      (c) => c.address,
    );
    expect(addresses).toEqual(
      expect.arrayContaining([
        '/',
        '/robots',
        '/ws/robot/control',
        '/ws/robot/events',
        '/ws/drive/manual',
        '/ws/drive/session',
      ]),
    );
  });

  it('says with which commands a robot must reckon, and how it answers', () => {
    const channels = document['channels'] as Record<string, { messages: object }>;
    expect(Object.keys(channels['ws.robot.control']?.messages ?? {})).toEqual(
      expect.arrayContaining([
        'NAVIGATE',
        'CANCEL',
        'SET_MODE',
        'DRIVE_COMMAND',
        'EXECUTE_STEP',
        'lease',
        'ack',
      ]),
    );
  });
});
