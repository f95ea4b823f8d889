import {
  EVENTS,
  FEEDS,
  REQUESTS,
  schemasOfClasses,
  STREAMS,
  type EventDeclaration,
  type FeedDeclaration,
  type RequestDeclaration,
} from '@teleop/contracts';
import type { Json } from './merge-openapi';
import { PAIRING_CHANNELS } from './pairing-channels';
import { QUEUE_CHANNEL } from './queue-channel';
import { ROBOT_CHANNELS } from './robot-channels';
import type { SocketChannel } from './socket-messages';
import { TEACH_CHANNEL } from './teach-channel';

const SCHEMAS = '#/components/schemas/';

interface Parts {
  readonly channels: Json;
  readonly operations: Json;
  readonly messages: Json;
}

/** AsyncAPI 3.0 of everything that is not plain HTTP, out of the declarations that the services themselves run on. */
export function buildAsyncApi(): Json {
  const parts: Parts = { channels: {}, operations: {}, messages: {} };
  for (const event of EVENTS) addEvent(parts, event);
  for (const request of REQUESTS) addRequest(parts, request);
  for (const feed of FEEDS) addFeed(parts, feed);
  for (const channel of [QUEUE_CHANNEL, ...ROBOT_CHANNELS, ...PAIRING_CHANNELS, TEACH_CHANNEL])
    addSocket(parts, channel);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Teleop suite: messages',
      version: '1.0.0',
      description:
        'Events, requests and feeds between services (NATS), and what clients and robots exchange over Socket.IO and WebSocket. `x-owner` publishes an event or a feed, or answers a request.',
    },
    defaultContentType: 'application/json',
    servers: {
      nats: { host: '{natsHost}', protocol: 'nats', variables: { natsHost: { default: 'localhost:4222' } } },
      'gateway-socketio': gateway('ws', '/socket.io', 'Socket.IO 4 (Engine.IO 4): websocket, or polling'),
      'gateway-websocket': gateway('ws', '', 'Plain WebSocket'),
    },
    channels: parts.channels,
    operations: parts.operations,
    components: { messages: parts.messages, schemas: usedSchemas(parts.messages) },
  };
}

function gateway(protocol: string, pathname: string, description: string): Json {
  const variables = { gatewayHost: { default: 'localhost:3000' } };
  return { host: '{gatewayHost}', protocol, description, variables, ...(pathname && { pathname }) };
}

function addEvent({ channels, operations, messages }: Parts, event: EventDeclaration): void {
  const { name, description } = event;
  messages[name] = message(name, description, event.payload.name);
  channels[name] = {
    address: event.subject,
    servers: [{ $ref: '#/servers/nats' }],
    description,
    parameters: parameters(event.subject),
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
    'x-stream': event.stream,
    'x-stream-max-age-ms': STREAMS[event.stream].maxAgeMs,
  };
  operations[`publish.${name}`] = {
    action: 'send',
    channel: { $ref: `#/channels/${name}` },
    summary: description,
    'x-owner': event.owner,
    'x-delivery': event.delivery,
  };
}

/** Over core NATS: nothing is stored or acknowledged, and who missed it asks for the present state. */
function addFeed({ channels, operations, messages }: Parts, feed: FeedDeclaration): void {
  const { name, description } = feed;
  messages[name] = message(name, description, feed.payload.name);
  channels[name] = {
    address: feed.subject,
    servers: [{ $ref: '#/servers/nats' }],
    description,
    parameters: parameters(feed.subject),
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  };
  operations[`tell.${name}`] = {
    action: 'send',
    channel: { $ref: `#/channels/${name}` },
    summary: description,
    'x-owner': feed.owner,
  };
}

function refusedWith(codes: readonly string[]): Json {
  return {
    type: 'object',
    required: ['code', 'detail'],
    properties: { code: { enum: codes }, detail: { type: 'string' } },
  };
}

function addRequest({ channels, operations, messages }: Parts, request: RequestDeclaration): void {
  const { name, description } = request;
  const reply = `${name}.reply`;
  messages[name] = message(name, description, request.ask.name);
  messages[reply] = {
    name: reply,
    summary: `Answer to ${name}: one of ok, refused (a declared code), failed (a bug of the owner)`,
    payload: {
      type: 'object',
      properties: {
        ok: { $ref: SCHEMAS + request.reply.name },
        // Nobody can be refused a request that declares no codes; an empty enum would be no valid schema either.
        ...(request.errors.length > 0 && { refused: refusedWith(request.errors) }),
        failed: { type: 'string' },
      },
      minProperties: 1,
      maxProperties: 1,
    },
  };
  channels[name] = {
    address: request.subject,
    servers: [{ $ref: '#/servers/nats' }],
    description,
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  };
  channels[reply] = {
    // The inbox that the asker names.
    address: null,
    messages: { [reply]: { $ref: `#/components/messages/${reply}` } },
  };
  operations[`answer.${name}`] = {
    action: 'receive',
    channel: { $ref: `#/channels/${name}` },
    summary: description,
    reply: { address: { location: '$message.header#/reply-to' }, channel: { $ref: `#/channels/${reply}` } },
    'x-owner': request.owner,
    'x-timeout-ms': request.timeoutMs,
    'x-errors': request.errors,
  };
}

function addSocket({ channels, operations, messages }: Parts, channel: SocketChannel): void {
  const { id, address, server, description, query } = channel;
  const declared: Json = {};
  for (const { name, summary, payload } of [...channel.toClient, ...channel.fromClient]) {
    messages[`${id}.${name}`] = { name, summary, payload };
    declared[name] = { $ref: `#/components/messages/${id}.${name}` };
  }
  channels[id] = {
    address,
    servers: [{ $ref: `#/servers/${server}` }],
    description,
    messages: declared,
    ...(query && {
      bindings: { ws: { query: { type: 'object', properties: query }, bindingVersion: '0.1.0' } },
    }),
  };
  const use = (action: 'send' | 'receive', names: SocketChannel['toClient']) => {
    if (names.length === 0) return;
    operations[`${action}.${id}`] = {
      action,
      channel: { $ref: `#/channels/${id}` },
      messages: names.map(({ name }) => ({ $ref: `#/channels/${id}/messages/${name}` })),
    };
  };
  use('send', channel.toClient);
  use('receive', channel.fromClient);
}

function message(name: string, summary: string, schema: string): Json {
  return { name, summary, payload: { $ref: SCHEMAS + schema } };
}

function parameters(subject: string): Json {
  const tokens = [...subject.matchAll(/\{(\w+)\}/g)].map(([, token]) => token as string);
  return Object.fromEntries(
    tokens.map((token) => [
      token,
      { description: `The payload’s ${token}`, location: `$message.payload#/${token}` },
    ]),
  );
}

/** Only what the messages reach: HTTP bodies live in the OpenAPI document. */
function usedSchemas(messages: Json): Json {
  const all = schemasOfClasses(SCHEMAS);
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, part] of Object.entries(value)) {
        if (key === '$ref' && typeof part === 'string' && part.startsWith(SCHEMAS)) {
          const name = part.slice(SCHEMAS.length);
          if (used.has(name)) continue;
          used.add(name);
          visit(all[name]);
        } else visit(part);
      }
    }
  };
  visit(messages);
  return Object.fromEntries([...used].sort().map((name) => [name, all[name]]));
}
