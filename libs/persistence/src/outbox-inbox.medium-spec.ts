import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@teleop/testing';
import { closeAll, SCHEMA, sell, setup } from './database.spec-support';
import { DatabaseUnavailable } from './errors';
import { Inbox } from './inbox';
import { OutboxStore } from './outbox-store';

afterEach(closeAll);

describe('the inbox', () => {
  it('applies an event once per consumer', async () => {
    const { database, items } = await setup();
    const inbox = new Inbox(database, SCHEMA);
    const apply = (consumer: string, item: string) =>
      inbox.once(consumer, 'event-1', async (tx) => void (await tx.query(sell, [item])));
    expect(await apply('one', 'a')).toBe(true);
    expect(await apply('one', 'b')).toBe(false);
    expect(await apply('two', 'c')).toBe(true);
    expect(await items()).toEqual(['a', 'c']);
  });

  it('applies it once when both deliveries come at the same time', async () => {
    const { database, items } = await setup();
    const inbox = new Inbox(database, SCHEMA);
    const deliver = (item: string) =>
      inbox.once('one', 'event-1', async (tx) => {
        await tx.query(sell, [item]);
        await sleep(50);
      });
    const ran = await Promise.all([deliver('a'), deliver('b'), deliver('c')]);
    expect(ran.filter(Boolean)).toHaveLength(1);
    expect(await items()).toHaveLength(1);
  });

  it('forgets neither the event nor the effect alone: a failed attempt leaves nothing', async () => {
    const { database, items } = await setup();
    const inbox = new Inbox(database, SCHEMA);
    const attempt = inbox.once('one', 'event-1', async (tx) => {
      await tx.query(sell, ['a']);
      throw new Error('no');
    });
    await expect(attempt).rejects.toThrow('no');
    expect(await items()).toEqual([]);
    expect(await inbox.once('one', 'event-1', async () => undefined)).toBe(true);
  });
});

describe('the outbox', () => {
  it('holds a fact exactly when the transaction that wrote it was committed', async () => {
    const { database } = await setup();
    const store = new OutboxStore(database, SCHEMA);
    await database.transaction((tx) => store.append(tx, 'sold', { item: 'a' }, undefined));
    const failed = database.transaction(async (tx) => {
      await store.append(tx, 'sold', { item: 'b' }, undefined);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await store.pending()).toMatchObject({ rows: 1, oldestAgeSeconds: expect.any(Number) });
    const lease = await store.tryLead();
    expect(await lease?.fetch(10, ['sold'], [])).toMatchObject([{ event: 'sold', payload: { item: 'a' } }]);
    await lease?.release();
  });

  it('gives rows in the order of their writing, without those of other events and those set aside', async () => {
    const { database } = await setup();
    const store = new OutboxStore(database, SCHEMA);
    for (let n = 1; n <= 20; n += 1) {
      const event = n === 7 ? 'from.the.future' : 'sold';
      await database.transaction((tx) => store.append(tx, event, { n }, 'trace'));
    }
    const lease = await store.tryLead();
    const numbers = (rows: { payload: Record<string, unknown> }[] = []) =>
      rows.map(({ payload }) => payload['n']);
    const first = await lease?.fetch(5, ['sold'], []);
    expect(numbers(first)).toEqual([1, 2, 3, 4, 5]);
    await lease?.remove(first?.slice(1).map(({ id }) => id) ?? []);
    expect(numbers(await lease?.fetch(4, ['sold'], [first?.[0]?.id ?? '']))).toEqual([6, 8, 9, 10]);
    expect((await store.pending()).rows).toBe(16);
    await lease?.release();
  });

  it('is led by one at a time, and by the next as soon as that one’s session ends', async () => {
    const { database, open, cutOff } = await setup();
    const one = new OutboxStore(await open('leader'), SCHEMA);
    const two = new OutboxStore(database, SCHEMA);
    const lease = await one.tryLead();
    expect(lease).toBeDefined();
    expect(await two.tryLead()).toBeUndefined();
    await cutOff('leader');
    const next = await waitFor('the lease', () => two.tryLead());
    await expect(lease?.fetch(1, ['sold'], [])).rejects.toThrow(DatabaseUnavailable);
    await lease?.release();
    expect(await one.tryLead()).toBeUndefined();
    await next.release();
    const again = await waitFor('the lease again', () => one.tryLead());
    await again.release();
  });

  it('takes the lease from a leader that hangs', async () => {
    const { database, open } = await setup();
    const hanging = await new OutboxStore(await open('leader'), SCHEMA, 150).tryLead();
    const other = new OutboxStore(database, SCHEMA);
    const next = await waitFor('the lease', () => other.tryLead(), { timeoutMs: 3_000 });
    await next.release();
    await hanging?.release();
  });

  it('leaves no changed setting or lock on connections that go back to the pool', async () => {
    const { database } = await setup({ poolSize: 1 });
    const store = new OutboxStore(database, SCHEMA);
    await (await store.tryLead())?.release();
    expect(await database.one(`SELECT current_setting('idle_session_timeout') AS t`)).toEqual({ t: '0' });
    expect(
      await database.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()`),
    ).toEqual([]);
  });

  it('forgets old inbox rows only', async () => {
    const { database } = await setup();
    await database.query(
      `INSERT INTO shop.inbox SELECT 'one', n::text, now() - n * interval '1 day' FROM generate_series(0, 9) n`,
    );
    const lease = await new OutboxStore(database, SCHEMA).tryLead();
    await lease?.forgetInbox(4.5 * 24 * 3_600_000);
    await lease?.release();
    const kept = await database.query<{ event_id: string }>(
      'SELECT event_id FROM shop.inbox ORDER BY event_id',
    );
    expect(kept.map(({ event_id }) => event_id)).toEqual(['0', '1', '2', '3', '4']);
  });
});
