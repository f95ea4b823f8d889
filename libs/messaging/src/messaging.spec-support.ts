import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineEvent, type EventDeclaration, type ServiceName } from '@teleop/contracts';
import { Database, Inbox, outboxInboxDdl, OutboxStore } from '@teleop/persistence';
import { testDatabase, waitFor } from '@teleop/testing';
import { headers } from '@nats-io/transport-node';
import type { StoredMsg } from '@nats-io/jetstream';
import { IsInt, IsString } from 'class-validator';
import { NatsConnection } from './connection/nats-connection';
import { ensureStream } from './connection/streams';
import type { ConsumerHandler } from './consumers/consumer-deps';
import { ConsumerRunner } from './consumers/consumer-runner';
import { DEFAULT_CONSUMER, type ConsumerSettings } from './consumers/consumer-settings';
import type { ConsumerMetadata } from './handlers/decorators';
import { Outbox } from './outbox/outbox';
import { OutboxRelay } from './outbox/outbox-relay';
import type { RelaySettings } from './outbox/relay-settings';
import { NO_OBSERVER, NO_TRACE, type MessagingLog, type MessagingObserver, type TraceCarrier } from './ports';

export class Sold {
  @IsString()
  robotId!: string;

  @IsInt()
  n!: number;
}

const about = { owner: 'queue-service', stream: 'QUEUE', payload: Sold, description: 'For tests.' } as const;
const delivery = { ackWaitMs: 1_500, maxDeliver: 3, backoffMs: [30, 60] };

export const sold = defineEvent({
  ...about,
  name: 'test.sold',
  subject: 'teleop.queue.sold.v1.{robotId}',
  delivery,
});
export const priced = defineEvent({
  ...about,
  name: 'test.priced',
  subject: 'teleop.queue.priced.v1.{robotId}',
  delivery: { ...delivery, latestOnly: true },
});
export const EVENTS_OF_TEST: readonly EventDeclaration<'queue-service', Sold>[] = [sold, priced];

export const SERVICE: ServiceName = 'queue-service';
const SCHEMA = 'shop';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

function recorder() {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (fields: object, message: string) =>
    void lines.push({ level, fields: { ...fields }, message });
  const log: MessagingLog = { info: at('info'), warn: at('warn'), error: at('error') };
  return { log, lines };
}

function observing() {
  const outcomes: string[] = [];
  const pending: number[] = [];
  const held = { waiting: new Map<string, number>(), dead: new Map<string, number>() };
  const observer: MessagingObserver = {
    ...NO_OBSERVER,
    consumed: (consumer, outcome) => void outcomes.push(`${consumer} ${outcome}`),
    answered: (request, outcome) => void outcomes.push(`${request} ${outcome}`),
    outboxPending: (rows) => void pending.push(rows),
    consumerPending: (consumer, messages) => void held.waiting.set(consumer, messages),
    deadLetters: (consumer, messages) => void held.dead.set(consumer, messages),
  };
  return { observer, outcomes, pending, held };
}

/** A database and connections of its own, on the given NATS server, whose streams it wipes in the end. */
export async function setup(natsUrl: string) {
  const { log, lines } = recorder();
  const { observer, outcomes, pending, held } = observing();
  const closing: (() => Promise<unknown>)[] = [];
  const server = await testDatabase();
  closing.push(() => server.dispose());

  const openDatabase = async (applicationName = 'shop') => {
    const database = new Database({ databaseUrl: server.url, schema: SCHEMA, applicationName, poolSize: 10 });
    await database.connect();
    closing.push(() => database.close());
    return database;
  };
  const openNats = async () => {
    const nats = new NatsConnection({ natsUrl, name: 'test', reconnectWaitMs: 50 }, log);
    await nats.connect();
    closing.push(() => nats.drain());
    return nats;
  };

  const database = await openDatabase();
  await database.pool.query(`CREATE SCHEMA ${SCHEMA}; ${outboxInboxDdl(SCHEMA)};
    CREATE TABLE ${SCHEMA}.effect (n int NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())`);
  const nats = await openNats();
  closing.push(async () => {
    await waitFor('NATS', () => nats.connected);
    const manager = await nats.manager();
    for await (const { config } of manager.streams.list()) await manager.streams.delete(config.name);
  });
  const inbox = new Inbox(database, SCHEMA);
  const store = new OutboxStore(database, SCHEMA);
  const outbox = new Outbox<'queue-service'>(store, NO_TRACE);
  await ensureStream(await nats.manager(), 'QUEUE');

  /** What a stream holds, in its order. */
  async function stored(stream = 'QUEUE'): Promise<StoredMsg[]> {
    const manager = await nats.manager();
    const { state } = await manager.streams.info(stream);
    const found: StoredMsg[] = [];
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq += 1) {
      const message = await manager.streams.getMessage(stream, { seq });
      if (message !== null) found.push(message);
    }
    return found;
  }

  return {
    natsUrl,
    databaseUrl: server.url,
    database,
    nats,
    inbox,
    store,
    outbox,
    log,
    lines,
    outcomes,
    pending,
    held,
    observer,
    openDatabase,
    openNats,
    stored,

    /** Commits facts, one transaction each. */
    commit: async (event: EventDeclaration<'queue-service', Sold>, ...payloads: Sold[]) => {
      for (const payload of payloads) await database.transaction((tx) => outbox.append(tx, event, payload));
    },

    /** Puts a message into the stream as a relay would, or as none ever should. */
    publish: async (
      payload: unknown,
      options: { id?: string | null; headers?: Record<string, string>; subject?: string } = {},
    ) => {
      const h = headers();
      for (const [name, value] of Object.entries(options.headers ?? {})) h.set(name, value);
      const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
      await nats.js.publish(options.subject ?? 'teleop.queue.sold.v1.arm1', body, {
        ...(options.id !== null && { msgID: options.id ?? `id-${Math.random()}` }),
        headers: h,
      });
    },

    relay: (
      settings: Partial<RelaySettings> = {},
      on: { nats?: NatsConnection; database?: Database; outbox?: Outbox<ServiceName> } = {},
    ) => {
      const relay = new OutboxRelay(
        {
          service: SERVICE,
          events: EVENTS_OF_TEST,
          nats: on.nats ?? nats,
          store: on.database === undefined ? store : new OutboxStore(on.database, SCHEMA),
          outbox: on.outbox ?? outbox,
          log,
          observer,
        },
        { pollMs: 50, standbyMs: 50, retryMs: 50, ...settings },
      );
      relay.start();
      closing.push(() => relay.stop());
      return relay;
    },

    consume: (
      handle: ConsumerHandler,
      options: Partial<ConsumerMetadata> = {},
      more: { settings?: Partial<ConsumerSettings>; trace?: TraceCarrier; nats?: NatsConnection } = {},
    ) => {
      const runner = new ConsumerRunner({ event: sold, name: 'note-sale', ...options }, handle, {
        service: SERVICE,
        nats: more.nats ?? nats,
        inbox,
        trace: more.trace ?? NO_TRACE,
        log,
        observer,
        settings: { ...DEFAULT_CONSUMER, restartMs: 50, ...more.settings },
      });
      runner.start();
      closing.push(() => runner.stop());
      return runner;
    },

    /** The effects that were committed, in the order of their commits. */
    effects: async () =>
      (await database.query<{ n: number }>(`SELECT n FROM ${SCHEMA}.effect ORDER BY at`)).map(({ n }) => n),

    outboxRows: async () => (await store.pending()).rows,

    /** No effect can be written until what is returned was called. */
    holdEffects: async () => {
      const client = await database.pool.connect();
      await client.query(`BEGIN; LOCK TABLE ${SCHEMA}.effect IN ACCESS EXCLUSIVE MODE`);
      return async () => {
        await client.query('ROLLBACK');
        client.release();
      };
    },

    /** Ends the database sessions of an application, as a restart of PostgreSQL would. */
    cutOff: async (applicationName: string) => {
      const control = await openDatabase('control');
      await control.query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = $1`,
        [applicationName],
      );
    },

    close: async () => {
      for (const step of closing.reverse()) await step();
    },
  };
}

export type Setup = Awaited<ReturnType<typeof setup>>;

/** The usual effect of a consumer in these tests: a row, in the transaction of the inbox. */
export const note: ConsumerHandler = async (payload, { tx }) => {
  await tx.query(`INSERT INTO ${SCHEMA}.effect (n) VALUES ($1)`, [(payload as Sold).n]);
};

export const sale = (n: number, robotId = 'arm1'): Sold => ({ robotId, n });

/** True when the condition still does not hold after a while. */
export async function staysFalse(condition: () => Promise<boolean> | boolean, forMs = 300): Promise<boolean> {
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    if (await condition()) return false;
    await sleep(20);
  }
  return true;
}

export { waitFor };
