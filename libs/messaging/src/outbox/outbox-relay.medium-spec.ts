import { testNats, type OwnServer } from '@teleop/testing';
import { priced, sale, setup, sold, staysFalse, waitFor, type Setup } from '../messaging.spec-support';
import { Outbox } from './outbox';
import { NO_TRACE } from '../ports';
import { HEADERS, MESSAGE_ID } from '../wire';

jest.setTimeout(20_000);

describe('the outbox relay', () => {
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

  const numbers = async () => (await s.stored()).map((message) => message.json<{ n: number }>().n);
  const nonEmpty = <T>(list: T[]) => (list.length > 0 ? list : undefined);
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const emptied = () => waitFor('the outbox to be empty', async () => (await s.outboxRows()) === 0);

  it('publishes what was committed, in the order of the commits, over several batches', async () => {
    await s.commit(sold, ...upTo(50).map((n) => sale(n, n % 2 ? 'arm1' : 'arm2')));
    s.relay({ batch: 7 });
    await emptied();
    expect(await numbers()).toEqual(upTo(50));
  });

  it('sends the outbox id as message id, with the event’s name, time and trace', async () => {
    const outbox = new Outbox<'queue-service'>(s.store, { ...NO_TRACE, current: () => '00-trace-01' });
    await s.database.transaction((tx) => outbox.append(tx, sold, sale(1)));
    const [row] = await s.database.query<{ id: string; occurred_at: Date }>('SELECT * FROM shop.outbox');
    s.relay();
    const [message] = await waitFor('a message', async () => nonEmpty(await s.stored()));
    expect(message?.subject).toBe('teleop.queue.sold.v1.arm1');
    const found = Object.fromEntries(
      message?.header.keys().map((key) => [key, message.header.get(key)]) ?? [],
    );
    expect(found).toMatchObject({
      [MESSAGE_ID]: row?.id,
      [HEADERS.event]: 'test.sold',
      [HEADERS.occurredAt]: row?.occurred_at.toISOString(),
      [HEADERS.trace]: '00-trace-01',
    });
  });

  it('stores a fact once that was published before a crash kept it from being deleted', async () => {
    await s.commit(sold, ...upTo(5).map((n) => sale(n)));
    const lease = await waitFor('the lease', () => s.store.tryLead());
    const rows = await lease.fetch(3, ['test.sold'], []);
    // The crash: published, not deleted, and the session ends.
    for (const row of rows) await s.publish(row.payload, { id: row.id });
    await lease.release();
    s.relay();
    await emptied();
    expect(await numbers()).toEqual([1, 2, 3, 4, 5]);
  });

  it('never stores a fact before one that was written earlier and got lost on the way', async () => {
    await s.commit(sold, ...upTo(4).map((n) => sale(n)));
    const losing = await s.openNats();
    const { js } = losing;
    const publish = jest.spyOn(js, 'publish');
    // The second of the first batch vanishes, as in a connection that breaks.
    publish.mockImplementationOnce((...message) => s.nats.js.publish(...message));
    publish.mockRejectedValueOnce(new Error('lost'));
    Object.defineProperty(losing, 'js', { get: () => js });
    s.relay({}, { nats: losing });
    await emptied();
    expect(publish.mock.calls.length).toBeGreaterThan(4);
    expect(await numbers()).toEqual([1, 2, 3, 4]);
  });

  it('goes on after somebody else wrote to the stream in between, as a replay of a dead letter does', async () => {
    s.relay({ batch: 2 });
    for (let n = 1; n <= 5; n += 1) {
      await s.commit(sold, sale(n));
      await s.publish(sale(100 + n));
    }
    await emptied();
    expect((await numbers()).filter((n) => n < 100)).toEqual([1, 2, 3, 4, 5]);
  });

  it('skips what a newer fact about the same thing has overtaken, for events of which only the latest matters', async () => {
    await s.commit(priced, sale(1, 'a'), sale(2, 'a'), sale(3, 'b'), sale(4, 'a'));
    await s.commit(sold, sale(5, 'a'), sale(6, 'a'));
    s.relay();
    await emptied();
    expect(await numbers()).toEqual([3, 4, 5, 6]);
  });

  it('announces nothing that was rolled back, and refuses a payload that its subject cannot carry', async () => {
    s.relay();
    const undone = s.database.transaction(async (tx) => {
      await s.outbox.append(tx, sold, sale(1));
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    await expect(s.commit(sold, sale(2, 'two words'))).rejects.toThrow('token "robotId"');
    expect(await staysFalse(async () => (await numbers()).length > 0)).toBe(true);
  });

  it('does not let rows that can never be sent hold up the others, keeps them, and says so once', async () => {
    const insert = 'INSERT INTO shop.outbox (event, payload) VALUES ($1, $2)';
    await s.database.query(insert, ['test.sold', { robotId: 'no dots.', n: 1 }]);
    await s.database.query(insert, ['test.sold', { robotId: 'arm1', n: 2, text: 'x'.repeat(1_100_000) }]);
    await s.database.query(insert, ['of.a.later.version', { n: 3 }]);
    s.relay({ batch: 1 });
    await s.commit(sold, sale(4), sale(5));
    await waitFor('the others', async () => (await numbers()).length === 2);
    expect(await numbers()).toEqual([4, 5]);
    await waitFor('their removal', async () => (await s.outboxRows()) === 3);
    expect(s.lines.filter(({ message }) => message === 'an outbox row cannot be sent')).toHaveLength(2);
  });

  it('hears of a commit at once when poked, also when another process leads', async () => {
    const quiet = { pollMs: 10_000, standbyMs: 10_000 };
    s.relay(quiet);
    const otherOutbox = new Outbox<'queue-service'>(s.store, NO_TRACE);
    await s.commit(sold, sale(0));
    s.outbox.poke();
    await emptied();
    s.relay(quiet, { nats: await s.openNats(), outbox: otherOutbox });
    const latencies: number[] = [];
    for (const poke of [() => s.outbox.poke(), () => otherOutbox.poke()]) {
      for (let n = 1; n <= 5; n += 1) {
        const before = (await numbers()).length;
        await s.commit(sold, sale(n));
        const started = performance.now();
        poke();
        await waitFor('the fact', async () => (await numbers()).length > before, { everyMs: 1 });
        latencies.push(performance.now() - started);
      }
    }
    const median = latencies.sort((a, b) => a - b)[5];
    expect(median).toBeLessThan(250);
  });

  it('gathers longer after a large batch, and sends a lone fact at once', async () => {
    const busyGatherMs = 1_000;
    await s.commit(sold, ...upTo(3).map((n) => sale(n)));
    s.relay({ pollMs: 10_000, gatherMs: 0, busyGatherMs, busyRows: 3 });
    await emptied();
    const msToSend = async () => {
      const started = performance.now();
      await s.commit(sold, sale(9));
      s.outbox.poke();
      await emptied();
      return performance.now() - started;
    };
    expect(await msToSend()).toBeGreaterThan(busyGatherMs * 0.95);
    expect(await msToSend()).toBeLessThan(busyGatherMs);
  });

  it('has one leader, and another takes over when the leader’s session ends', async () => {
    const names = ['one', 'two'];
    for (const name of names) s.relay({}, { database: await s.openDatabase(name), nats: await s.openNats() });
    const holders = async () =>
      (
        await s.database.query<{ name: string }>(
          `SELECT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
           WHERE locktype = 'advisory' AND granted AND pg_stat_activity.datname = current_database()`,
        )
      ).map(({ name }) => name);
    const [leader] = await waitFor('a leader', async () => nonEmpty(await holders()));
    expect(await holders()).toHaveLength(1);
    await s.commit(sold, sale(1));
    await emptied();
    await s.cutOff(leader ?? '');
    await s.commit(sold, sale(2));
    await emptied();
    await waitFor('one leader', async () => (await holders()).length === 1);
    expect(await numbers()).toEqual([1, 2]);
  });

  it('goes on after PostgreSQL ended all its sessions', async () => {
    const database = await s.openDatabase('relaying');
    s.relay({}, { database });
    await s.commit(sold, sale(1));
    await emptied();
    await s.cutOff('relaying');
    await s.commit(sold, sale(2), sale(3));
    await emptied();
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  it('makes the stream anew when it was wiped while running', async () => {
    s.relay();
    await s.commit(sold, sale(1));
    await emptied();
    await (await s.nats.manager()).streams.delete('QUEUE');
    await s.commit(sold, sale(2));
    await emptied();
    expect(await numbers()).toEqual([2]);
  });

  it('sends what was committed while it stops', async () => {
    const relay = s.relay({ pollMs: 10_000 });
    await s.commit(sold, sale(1));
    s.outbox.poke();
    await emptied();
    await s.commit(sold, sale(2));
    await relay.stop();
    expect(await numbers()).toEqual([1, 2]);
    expect(await s.outboxRows()).toBe(0);
  });
});
