import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Module, type INestApplicationContext, type Provider } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { defineRequest } from '@teleop/contracts';
import { Inbox, OutboxStore } from '@teleop/persistence';
import { freePort } from '@teleop/infra';
import { testNats, type OwnServer } from '@teleop/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Answers, Consumes, type ConsumerContext } from './handlers/decorators';
import { INBOX_PORT, OUTBOX_PORT, type MessagingOptions } from './messaging-options';
import { MessagingModule } from './messaging.module';
import {
  EVENTS_OF_TEST,
  note,
  priced,
  sale,
  setup,
  Sold,
  sold,
  waitFor,
  type Setup,
} from './messaging.spec-support';
import { Outbox } from './outbox/outbox';
import { Requests } from './requests/requests';

jest.setTimeout(20_000);

const count = defineRequest({
  name: 'test.count',
  owner: 'queue-service',
  subject: 'teleop.rpc.test.count.v1',
  ask: Sold,
  reply: Sold,
  errors: [],
  timeoutMs: 1_000,
  description: 'For tests.',
});

@Injectable()
class Sales {
  constructor(readonly outbox: Outbox<'queue-service'>) {}

  @Consumes(sold, { name: 'note-sale' })
  async note(event: Sold, context: ConsumerContext): Promise<void> {
    await note(event, context);
    // A consumer's own facts go out with its effect.
    if (event.n < 100) await this.outbox.append(context.tx, priced, { ...event, n: event.n + 100 });
  }

  @Answers(count)
  async count(ask: Sold): Promise<Sold> {
    await sleep(50);
    return { ...ask, n: ask.n + 1 };
  }
}

@Injectable()
class OtherSales {
  @Consumes(sold, { name: 'other-sale' })
  async note(_event: Sold): Promise<void> {}
}

describe('a service with messaging', () => {
  let server: OwnServer;
  let s: Setup;
  const apps: INestApplicationContext[] = [];

  beforeAll(async () => {
    server = await testNats();
  });
  afterAll(() => server.dispose());
  beforeEach(async () => {
    s = await setup(server.url);
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    await s.close();
  });

  async function start(providers: Provider[], options: Partial<MessagingOptions> = {}) {
    @Module({
      imports: [
        MessagingModule.forRoot({
          service: 'queue-service',
          natsUrl: server.url,
          consumes: [sold],
          answers: [count],
          events: EVENTS_OF_TEST,
          inbox: { provide: INBOX_PORT, useValue: new Inbox(s.database, 'shop') },
          outbox: { provide: OUTBOX_PORT, useValue: new OutboxStore(s.database, 'shop') },
          relay: { pollMs: 50, watchMs: 30 },
          log: s.log,
          observer: s.observer,
          ...options,
        }),
      ],
      providers,
    })
    class Service {}
    const app = await Test.createTestingModule({ imports: [Service] }).compile();
    // One that does not start is closed too: a service that fails its start check must not hang.
    apps.push(app);
    app.useLogger(false);
    await app.init();
    return app;
  }

  const failure = (...args: Parameters<typeof start>) =>
    start(...args).then(
      () => 'it started',
      (error: Error) => error.message,
    );

  it('relays, consumes and answers', async () => {
    const app = await start([Sales]);
    await s.commit(sold, sale(1));
    app.get(Outbox).poke();
    await waitFor('the effect', async () => (await s.effects()).length === 1);
    await waitFor('what it announced', async () => (await s.stored()).length === 2);
    expect((await s.stored())[1]?.json()).toEqual({ robotId: 'arm1', n: 101 });
    expect(await app.get(Requests).ask(count, sale(4))).toEqual(sale(5));
    await waitFor('the lag to be measured', () => s.pending.length > 0);
  });

  it('measures what waits for its consumers, and what they gave up', async () => {
    await start([Sales], { consumers: { watchMs: 30 } });
    await waitFor('a consumer with nothing to do', () => s.held.waiting.get('note-sale') === 0);
    // Measured after the first.
    await waitFor('no dead letters', () => s.held.dead.get('note-sale') === 0);
    await s.publish('not JSON');
    await waitFor('the dead letter', () => s.held.dead.get('note-sale') === 1);
    const stop = await s.holdEffects();
    for (let n = 1; n <= 20; n += 1) await s.publish(sale(n));
    await waitFor('twenty that wait', () => s.held.waiting.get('note-sale') === 20);
    await stop();
    await waitFor('none that waits', () => s.held.waiting.get('note-sale') === 0);
  });

  it('makes its streams with as many copies as it was told', async () => {
    await (await s.nats.manager()).streams.delete('QUEUE');
    // A single server has no second place to put one: the start of the consumer says so, over and over.
    await start([Sales], { streamReplicas: 3 });
    await waitFor('the refusal', () =>
      s.lines.some(({ fields }) => /replicas > 1 not supported/.test(String(fields['err']))),
    );
  });

  it('finishes what is under way, and announces it, before it closes', async () => {
    const app = await start([Sales], { relay: { pollMs: 10_000 } });
    const asker = await start([], { consumes: [], answers: [], outbox: undefined, inbox: undefined });
    for (let n = 1; n <= 5; n += 1) await s.publish(sale(n));
    const answer = asker.get(Requests).ask(count, sale(9));
    await sleep(30);
    apps.splice(apps.indexOf(app), 1);
    await app.close();
    expect(await answer).toEqual(sale(10));
    const applied = await s.effects();
    const announced = (await s.stored()).filter(({ subject }) => subject.includes('priced'));
    expect(await s.outboxRows()).toBe(0);
    // Only the latest price of a robot matters, so of several that were found at once one was sent.
    expect(announced.length > 0).toBe(applied.length > 0);
  });

  it('closes in a bounded time while NATS is away', async () => {
    const app = await start([Sales]);
    await s.publish(sale(1));
    await waitFor('the effect', async () => (await s.effects()).length === 1);
    server.kill9();
    const started = performance.now();
    apps.splice(apps.indexOf(app), 1);
    await app.close();
    expect(performance.now() - started).toBeLessThan(3_000);
    await server.restart();
    await waitFor('NATS', () => s.nats.connected);
  });

  it('does not start when a declared consumer or answer has no handler, and names them', async () => {
    expect(await failure([])).toBe('messaging: no consumer of "test.sold"; no answer to "test.count"');
  });

  it('does not start when two handlers consume or answer the same', async () => {
    @Injectable()
    class SecondCount {
      @Answers(count)
      async count(ask: Sold): Promise<Sold> {
        return ask;
      }
    }
    expect(await failure([Sales, OtherSales, SecondCount])).toBe(
      'messaging: more than one consumer of "test.sold"; more than one answer to "test.count"',
    );
  });

  it('does not start when a handler is not declared', async () => {
    expect(await failure([Sales], { consumes: [], answers: [] })).toBe(
      'messaging: undeclared consumer of "test.sold"; undeclared answer to "test.count"',
    );
  });

  it('does not start when two consumers have one name, or a name cannot be part of a subject', async () => {
    @Injectable()
    class SameName {
      @Consumes(priced, { name: 'note-sale' })
      async note(_event: Sold): Promise<void> {}
    }
    @Injectable()
    class BadName {
      @Consumes(priced, { name: 'note.>' })
      async note(_event: Sold): Promise<void> {}
    }
    const consumes = [sold, priced];
    expect(await failure([Sales, SameName], { consumes })).toBe(
      'messaging: two consumers are named "note-sale"',
    );
    expect(await failure([Sales, BadName], { consumes })).toBe(
      'messaging: a consumer cannot be named "note.>"',
    );
  });

  it('takes an aliased provider for the one handler that it is', async () => {
    expect(await failure([Sales, { provide: 'alias', useExisting: Sales }])).toBe('it started');
  });

  it('does not start when it consumes but has no database to do it once in', async () => {
    expect(await failure([OtherSales], { answers: [], inbox: undefined, outbox: undefined })).toBe(
      'messaging: consumer "other-sale" needs an inbox',
    );
  });

  it('does not start on a NATS server without JetStream, and says what to do', async () => {
    const port = await freePort();
    const bare = spawn(server.binary, ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    try {
      expect(await failure([Sales], { natsUrl: `nats://127.0.0.1:${port}` })).toContain(
        'runs without JetStream: start it with -js',
      );
    } finally {
      bare.kill('SIGKILL');
      await once(bare, 'exit');
    }
  });

  it('has no outbox to write to without a database', async () => {
    const app = await start([], { consumes: [], answers: [], outbox: undefined, inbox: undefined });
    const outbox = app.get<Outbox<'queue-service'>>(Outbox);
    const written = s.database.transaction((tx) => outbox.append(tx, sold, sale(1)));
    await expect(written).rejects.toThrow('queue-service has no outbox');
  });
});
