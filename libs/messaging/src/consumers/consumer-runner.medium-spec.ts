import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailable } from '@teleop/persistence';
import { testNats, type OwnServer } from '@teleop/testing';
import { Poison, Retry, ServiceUnavailable } from '../errors';
import { note, sale, setup, Sold, staysFalse, waitFor, type Setup } from '../messaging.spec-support';
import { HEADERS } from '../wire';

jest.setTimeout(20_000);

describe('a consumer', () => {
  let server: OwnServer;
  let s: Setup;
  beforeAll(async () => {
    server = await testNats();
  });
  afterAll(() => server.dispose());
  beforeEach(async () => {
    s = await setup(server.url);
  });
  afterEach(() => s.close());

  const effects = (count: number) =>
    waitFor(`${count} effects`, async () => (await s.effects()).length === count);
  const pendingAcks = async () =>
    (await (await s.nats.manager()).consumers.info('QUEUE', 'queue-service__note-sale')).num_ack_pending;
  const deadLetters = () => s.stored('DEAD_LETTERS').catch(() => []);
  const oneDead = () => waitFor('a dead letter', async () => (await deadLetters())[0]);

  it('applies every event, and acknowledges it', async () => {
    s.consume(note);
    for (const n of [1, 2, 3]) await s.publish(sale(n));
    await effects(3);
    await waitFor('the acknowledgements', async () => (await pendingAcks()) === 0);
    expect(s.outcomes).toEqual(Array(3).fill('note-sale applied'));
  });

  it('hears what was published before it was there, and nothing of other events of the stream', async () => {
    await s.publish(sale(1));
    await s.publish(sale(2), { subject: 'teleop.queue.priced.v1.arm1' });
    s.consume(note);
    await effects(1);
    expect(await staysFalse(async () => (await s.effects()).length > 1)).toBe(true);
  });

  it('applies an event once, however often it is published or delivered', async () => {
    s.consume(note);
    await s.publish(sale(1), { id: 'event-1' });
    await effects(1);
    // Outside the stream's dedupe window the same event is a new message.
    await s.publish(sale(1), { id: 'replay-7', headers: { [HEADERS.eventId]: 'event-1' } });
    await waitFor('the duplicate', () => s.outcomes.includes('note-sale duplicate'));
    expect(await s.effects()).toEqual([1]);
  });

  it('applies an event once when the process dies between the commit and the acknowledgement', async () => {
    const dying = await s.openNats();
    const first = s.consume(
      async (payload, context) => {
        await note(payload, context);
        // The connection is gone before the acknowledgement, the transaction is not.
        await dying.nc.close();
      },
      {},
      { nats: dying },
    );
    await s.publish(sale(1));
    await effects(1);
    await first.stop();
    s.consume(note);
    await waitFor('the second delivery', () => s.outcomes.includes('note-sale duplicate'));
    expect(await s.effects()).toEqual([1]);
  });

  it('keeps effect and inbox together: a handler that throws after writing leaves nothing, and runs again', async () => {
    let runs = 0;
    s.consume(async (payload, context) => {
      await note(payload, context);
      runs += 1;
      if (runs === 1) throw new Error('after the write');
    });
    await s.publish(sale(1));
    await effects(1);
    expect(runs).toBe(2);
    const rows = await s.database.query('SELECT consumer FROM shop.inbox');
    expect(rows).toEqual([{ consumer: 'note-sale' }]);
  });

  it('tells the handler which event this is, when it happened and for the how manieth time it comes', async () => {
    const seen: object[] = [];
    s.consume(async (payload, { tx: _, ...context }) => {
      seen.push({ payload, ...context });
      if (seen.length === 1) throw new Retry('once more', 1);
    });
    const occurredAt = '2026-11-21T10:00:00.000Z';
    await s.publish(
      { ...sale(1), unknown: 'field' },
      { id: 'event-1', headers: { [HEADERS.occurredAt]: occurredAt } },
    );
    await waitFor('two runs', () => seen.length === 2);
    expect(seen).toEqual(
      [1, 2].map((deliveryCount) => ({ payload: sale(1), eventId: 'event-1', occurredAt, deliveryCount })),
    );
    expect(await s.effects()).toEqual([]);
  });

  it('waits between attempts as the event’s back-off says, or as the handler does', async () => {
    const times: number[] = [];
    s.consume(async () => {
      times.push(performance.now());
      if (times.length === 1) throw new Error('planned: 30 ms');
      if (times.length === 2) throw new Retry('later', 400);
    });
    await s.publish(sale(1));
    await waitFor('three attempts', () => times.length === 3);
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(25);
    expect(second - first).toBeLessThan(350);
    expect(third - second).toBeGreaterThanOrEqual(390);
  });

  it('dead-letters a poisonous event at once, as it is, with the reason', async () => {
    s.consume(async () => {
      throw new Poison('no such robot: “Ärger”\r\nin two lines');
    });
    await s.publish(sale(1), { id: 'event-1', headers: { [HEADERS.trace]: '00-aa-bb-01' } });
    const dead = await oneDead();
    expect(dead.subject).toBe('teleop.dead.queue-service.note-sale');
    expect(dead.json()).toEqual(sale(1));
    const header = (name: string) => dead.header.get(name);
    expect(header(HEADERS.deadReason)).toBe('no such robot: “Ärger” in two lines');
    expect(header(HEADERS.deadSubject)).toBe('teleop.queue.sold.v1.arm1');
    expect(header(HEADERS.deadConsumer)).toBe('queue-service__note-sale');
    expect(header(HEADERS.deadDeliveries)).toBe('1');
    expect(header(HEADERS.eventId)).toBe('event-1');
    expect(header(HEADERS.trace)).toBe('00-aa-bb-01');
    expect(Date.parse(header(HEADERS.deadAt))).toBeGreaterThan(Date.now() - 60_000);
    await waitFor('its end', async () => (await pendingAcks()) === 0);
    expect(await staysFalse(() => s.outcomes.length > 1)).toBe(true);
    expect(s.outcomes).toEqual(['note-sale dead']);
  });

  it('dead-letters an event that still fails at its last delivery', async () => {
    let runs = 0;
    s.consume(async () => {
      runs += 1;
      throw new Error(`attempt ${runs}`);
    });
    await s.publish(sale(1));
    const dead = await oneDead();
    expect(runs).toBe(3);
    expect(dead.header.get(HEADERS.deadReason)).toBe('attempt 3');
    expect(dead.header.get(HEADERS.deadDeliveries)).toBe('3');
  });

  it.each([
    ['not JSON', 'the payload is not JSON'],
    ['{"robotId":"arm1"}', 'the payload does not hold its contract: n: n must be an integer number'],
    ['null', 'the payload does not hold its contract: payload: must be a JSON object'],
  ])('dead-letters the payload %s without asking the handler', async (payload, reason) => {
    const handler = jest.fn(note);
    s.consume(handler);
    await s.publish(payload);
    const dead = await oneDead();
    expect(dead.header.get(HEADERS.deadReason)).toBe(reason);
    expect(dead.string()).toBe(payload);
    expect(handler).not.toHaveBeenCalled();
  });

  it('dead-letters a message without an id: it could not be told from its repetition', async () => {
    s.consume(note);
    await s.publish(sale(1), { id: null });
    expect((await oneDead()).header.get(HEADERS.deadReason)).toBe('the message carries no id');
    expect(await s.effects()).toEqual([]);
  });

  it('never gives an event up because something it depends on is away', async () => {
    let runs = 0;
    s.consume(
      async (payload, context) => {
        runs += 1;
        if (runs <= 2) throw new DatabaseUnavailable('away');
        if (runs <= 4) throw new ServiceUnavailable('vision-service');
        if (runs <= 6) throw new Error('could not', { cause: new DatabaseUnavailable('away') });
        await note(payload, context);
      },
      {},
      { settings: { outageRetryMs: 20 } },
    );
    await s.publish(sale(1));
    await effects(1);
    expect(runs).toBe(7);
    expect(await deadLetters()).toEqual([]);
  });

  it('goes on by itself after PostgreSQL ended the session in the middle of a handler', async () => {
    let runs = 0;
    s.consume(async (payload, context) => {
      runs += 1;
      await note(payload, context);
      if (runs === 1) await s.cutOff('shop');
    });
    await s.publish(sale(1));
    await waitFor('the effect', async () => (await s.effects()).length === 1);
    expect(runs).toBe(2);
    expect(await deadLetters()).toEqual([]);
  });

  it('handles so many at a time as it was told, not more', async () => {
    let [now, most] = [0, 0];
    s.consume(
      async () => {
        now += 1;
        most = Math.max(most, now);
        await sleep(30);
        now -= 1;
      },
      { concurrency: 3 },
    );
    for (let n = 0; n < 12; n += 1) await s.publish(sale(n));
    await waitFor('all of them', () => s.outcomes.length === 12);
    expect(most).toBe(3);
  });

  it('keeps the order of the stream with a concurrency of one', async () => {
    s.consume(note, { concurrency: 1 });
    const numbers = Array.from({ length: 30 }, (_, n) => n);
    for (const n of numbers) await s.publish(sale(n));
    await effects(30);
    expect(await s.effects()).toEqual(numbers);
  });

  it('is not given a second copy while a handler takes longer than the ack wait', async () => {
    let runs = 0;
    s.consume(async (payload, context) => {
      runs += 1;
      await sleep(2_500);
      await note(payload, context);
    });
    await s.publish(sale(1));
    await effects(1);
    await waitFor('its end', async () => (await pendingAcks()) === 0);
    expect(runs).toBe(1);
    expect(await staysFalse(() => s.outcomes.length > 1)).toBe(true);
    expect(s.outcomes).toEqual(['note-sale applied']);
  });

  it('carries the trace of the message into the handler', async () => {
    const parents: (string | undefined)[] = [];
    const trace = {
      current: () => undefined,
      run: <T>(parent: string | undefined, work: () => Promise<T>) => {
        parents.push(parent);
        return work();
      },
    };
    s.consume(note, {}, { trace });
    await s.publish(sale(1), {
      headers: { [HEADERS.trace]: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    });
    await s.publish(sale(2));
    await effects(2);
    expect(parents).toEqual(['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', undefined]);
  });

  it.each(['stream', 'consumer'])('recovers by itself when its %s is wiped while it runs', async (what) => {
    s.consume(note);
    await s.publish(sale(1));
    await effects(1);
    const { streams, consumers } = await s.nats.manager();
    if (what === 'stream') await streams.delete('QUEUE');
    else await consumers.delete('QUEUE', 'queue-service__note-sale');
    await waitFor('the consumer to be back', async () => (await pendingAcks()) === 0);
    await s.publish(sale(2));
    await waitFor('the effect', async () => (await s.effects()).includes(2));
    expect(await s.effects()).toEqual([1, 2]);
  });

  it('finishes what it is doing when it stops, and leaves the rest to others at once', async () => {
    const begun: number[] = [];
    const runner = s.consume(
      async (payload, context) => {
        begun.push((payload as Sold).n);
        await sleep(300);
        await note(payload, context);
      },
      { concurrency: 1 },
    );
    for (const n of [1, 2, 3, 4]) await s.publish(sale(n));
    await waitFor('the first', () => begun.length === 1);
    await runner.stop();
    expect(await s.effects()).toEqual([1]);
    expect(begun).toEqual([1]);
    s.consume(note);
    const started = performance.now();
    await effects(4);
    // Sooner than the ack wait of 1.5 s would have given them back.
    expect(performance.now() - started).toBeLessThan(1_200);
  });

  it('shares the work with its replicas, each event going to one of them', async () => {
    const by = [0, 0];
    for (const index of [0, 1]) {
      s.consume(
        async (payload, context) => {
          by[index] = (by[index] ?? 0) + 1;
          await sleep(10);
          await note(payload, context);
        },
        { concurrency: 2 },
        { nats: await s.openNats() },
      );
    }
    for (let n = 0; n < 40; n += 1) await s.publish(sale(n));
    await effects(40);
    expect(by[0]).toBeGreaterThan(0);
    expect(by[1]).toBeGreaterThan(0);
    expect((by[0] ?? 0) + (by[1] ?? 0)).toBe(40);
  });
});
