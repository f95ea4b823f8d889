import 'reflect-metadata';
import path from 'node:path';
import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { queueChanged, type QueueChanged, type ServiceName } from '@teleop/contracts';
import {
  Consumes,
  ensureStream,
  INBOX_PORT,
  MessagingModule,
  NatsConnection,
  Poison,
  type ConsumerContext,
} from '@teleop/messaging';
import { Database, Inbox, outboxInboxDdl } from '@teleop/persistence';
import { runSource, testDatabase, testNats, waitFor, type OwnServer } from '@teleop/testing';
import { main } from './main';

jest.setTimeout(30_000);

describe('dead letters', () => {
  let server: OwnServer;
  let nats: NatsConnection;
  const closing: (() => Promise<unknown>)[] = [];
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

  beforeEach(async () => {
    server = await testNats();
    nats = new NatsConnection({ natsUrl: server.url, name: 'test' }, quiet);
    await nats.connect();
    await ensureStream(await nats.manager(), 'QUEUE');
  });
  afterEach(async () => {
    for (const step of closing.splice(0).reverse()) await step();
    await nats.drain();
    await server.dispose();
  });

  /** A service that consumes queue.changed into its inbox; `handle` may be changed while it runs. */
  async function service(name: ServiceName, consumer: string) {
    const own = await testDatabase();
    closing.push(() => own.dispose());
    const database = new Database({
      databaseUrl: own.url,
      schema: 'own',
      applicationName: name,
      poolSize: 4,
    });
    await database.connect();
    closing.push(() => database.close());
    await database.pool.query(`CREATE SCHEMA own; ${outboxInboxDdl('own')}`);
    const state = { applied: [] as number[], ids: [] as string[], broken: false };

    @Injectable()
    class Consumer {
      @Consumes(queueChanged, { name: consumer })
      async apply({ version }: QueueChanged, { eventId }: ConsumerContext): Promise<void> {
        if (state.broken) throw new Poison('cannot do it');
        state.applied.push(version);
        state.ids.push(eventId);
      }
    }
    @Module({
      imports: [
        MessagingModule.forRoot({
          service: name,
          natsUrl: server.url,
          consumes: [queueChanged],
          answers: [],
          inbox: { provide: INBOX_PORT, useValue: new Inbox(database, 'own') },
          log: quiet,
        }),
      ],
      providers: [Consumer],
    })
    class Service {}
    const app: INestApplicationContext = await Test.createTestingModule({ imports: [Service] }).compile();
    app.useLogger(false);
    await app.init();
    closing.push(() => app.close());
    return state;
  }

  const publish = (version: number) =>
    nats.js.publish('teleop.queue.changed.v1.arm1', JSON.stringify({ robotId: 'arm1', version }), {
      msgID: `event-${version}`,
    });

  async function cli(...args: string[]) {
    const lines: string[] = [];
    const terminal = { width: 200, line: (text: string) => lines.push(text) };
    const code = await main(args, { NATS_URL: server.url }, terminal);
    return { code, text: lines.join('\n') };
  }

  const listed = async () => (await cli('list')).text.split('\n').slice(1);
  const untilListed = (count: number) =>
    waitFor(`${count} dead letters`, async () => (await listed()).length === count);

  it('are none on a server that never had one, and on one that has had its last', async () => {
    expect(await cli('list')).toEqual({ code: 0, text: 'no dead letters' });
    expect(await cli('replay', '--all')).toEqual({ code: 1, text: 'no such dead letter' });
    const broken = await service('robot-gateway', 'follow-queue');
    broken.broken = true;
    await publish(1);
    await untilListed(1);
    expect((await cli('drop', '--all')).text).toContain('1 dropped');
    expect(await cli('list')).toEqual({ code: 0, text: 'no dead letters' });
  });

  it('are listed with their consumer, event, reason, deliveries and time, and shown with their payload', async () => {
    const state = await service('robot-gateway', 'follow-queue');
    state.broken = true;
    await publish(1);
    await untilListed(1);
    await publish(2);
    await untilListed(2);
    const { text } = await cli('list');
    expect(text).toMatch(/^id +consumer +event +deliveries +when +reason/);
    expect(text).toMatch(/1 +robot-gateway__follow-queue +\S+ +1 +20\d\d-\S+Z +cannot do it/);
    expect((await cli('list', '--consumer', 'follow-queue')).text).toBe(text);
    expect((await cli('list', '--consumer', 'robot-gateway__follow-queue')).text).toBe(text);
    expect((await cli('list', '--consumer', 'queue')).text).toBe('no dead letters');
    const shown = await cli('show', '--id', '2');
    expect(shown.code).toBe(0);
    expect(shown.text).toContain('"version": 2');
    expect(shown.text).toMatch(/event id +event-2/);
    expect(shown.text).toMatch(/subject +teleop\.queue\.changed\.v1\.arm1/);
    expect((await cli('show', '--id', 'event-2')).text).toBe(shown.text);
    expect(await cli('show', '--id', '99')).toEqual({ code: 1, text: 'no such dead letter' });
  });

  it('once replayed are applied by the consumer that had failed, and not again by one that had not', async () => {
    const healthy = await service('queue-service', 'watch-queue');
    const broken = await service('robot-gateway', 'follow-queue');
    broken.broken = true;
    for (const version of [1, 2, 3]) await publish(version);
    await untilListed(3);
    await waitFor('the healthy one', () => healthy.applied.length === 3);
    broken.broken = false;

    expect(await cli('replay', '--id', 'event-2')).toMatchObject({
      code: 0,
      text: expect.stringContaining('1 replayed'),
    });
    await waitFor('the second', () => broken.applied.length === 1);
    expect(broken.applied).toEqual([2]);
    expect(await listed()).toHaveLength(2);

    expect((await cli('replay', '--all')).text).toContain('2 replayed');
    await waitFor('the others', () => broken.applied.length === 3);
    expect(broken.ids.sort()).toEqual(['event-1', 'event-2', 'event-3']);
    expect((await cli('list')).text).toBe('no dead letters');

    await publish(4);
    await waitFor('the next', () => healthy.applied.includes(4));
    expect(healthy.applied.sort()).toEqual([1, 2, 3, 4]);
  });

  it('that die again are dead letters again', async () => {
    const broken = await service('robot-gateway', 'follow-queue');
    broken.broken = true;
    await publish(1);
    await untilListed(1);
    for (const id of ['1', '2']) {
      await cli('replay', '--id', id);
      await waitFor('its return', async () => (await listed())[0]?.startsWith(String(Number(id) + 1)));
    }
    expect(await listed()).toHaveLength(1);
    expect((await cli('show', '--id', '3')).text).toMatch(/event id +event-1/);
  });

  it('stay when the replay is not acknowledged, or when they do not say where they came from', async () => {
    const state = await service('robot-gateway', 'follow-queue');
    state.broken = true;
    await publish(1);
    await untilListed(1);
    await nats.js.publish('teleop.dead.robot-gateway.stranger', 'not ours');
    const kept = await cli('replay', '--consumer', 'stranger');
    expect(kept.code).toBe(1);
    expect(kept.text).toContain('it does not say where it was published');
    for (const step of closing.splice(0).reverse()) await step();
    await (await nats.manager()).streams.delete('QUEUE');
    expect(await cli('replay', '--id', '1')).toMatchObject({
      code: 1,
      text: expect.stringContaining('no stream takes teleop.queue.changed.v1.arm1'),
    });
    expect(await listed()).toHaveLength(2);
    expect((await cli('show', '--id', '2')).text).toContain('not ours');
  });

  it('of one consumer are dropped, the others stay', async () => {
    const one = await service('queue-service', 'watch-queue');
    const two = await service('robot-gateway', 'follow-queue');
    one.broken = two.broken = true;
    await publish(1);
    await untilListed(2);
    expect((await cli('drop', '--consumer', 'watch-queue')).text).toContain('1 dropped');
    expect(await listed()).toEqual([expect.stringContaining('robot-gateway__follow-queue')]);
  });

  it('are reached by the command itself, which says in its exit code how it went', async () => {
    const script = path.join(__dirname, 'cli.ts');
    const [listing, misused, nobody] = await Promise.all([
      runSource(script, ['list'], { NATS_URL: server.url }),
      runSource(script, ['purge'], { NATS_URL: server.url }),
      runSource(script, ['list'], { NATS_URL: 'nats://127.0.0.1:1' }),
    ]);
    expect(listing).toMatchObject({ code: 0, stdout: 'no dead letters\n', stderr: '' });
    expect(misused).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('there is no command "purge"'),
    });
    expect(nobody).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^NATS at 127\.0\.0\.1:1 could not be reached/),
    });
  });
});
