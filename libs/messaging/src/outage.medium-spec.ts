import { testNats, type OwnServer } from '@teleop/testing';
import { note, sale, setup, sold, waitFor, type Setup } from './messaging.spec-support';

jest.setTimeout(30_000);

describe('kill -9 of NATS while facts flow', () => {
  let server: OwnServer;
  let s: Setup;
  let stop: () => Promise<void> = async () => undefined;
  beforeEach(async () => {
    server = await testNats();
    s = await setup(server.url);
  });
  afterEach(async () => {
    await stop();
    await s.close();
    await server.dispose();
  });

  it('loses nothing, applies nothing twice, and needs no hand', async () => {
    for (const name of ['one', 'two']) {
      s.relay({ batch: 10 }, { database: await s.openDatabase(name), nats: await s.openNats() });
      s.consume(note, { concurrency: 4 }, { nats: await s.openNats() });
    }
    let [committed, going] = [0, true];
    const commits = (async () => {
      while (going) {
        await s.commit(sold, sale((committed += 1)));
        s.outbox.poke();
      }
    })();
    stop = async () => {
      going = false;
      await commits;
    };
    for (let kill = 0; kill < 2; kill += 1) {
      const before = committed;
      await waitFor('some effects', async () => (await s.effects()).length > before / 2 + 20);
      server.kill9();
      await waitFor('commits meanwhile', () => committed > before + 100);
      await server.restart();
    }
    await s.cutOff('one');
    await stop();
    await waitFor('every effect', async () => (await s.effects()).length >= committed, { timeoutMs: 20_000 });
    const expected = Array.from({ length: committed }, (_, index) => index + 1);
    expect((await s.effects()).sort((a, b) => a - b)).toEqual(expected);
    await waitFor('the outbox to be empty', async () => (await s.outboxRows()) === 0);
    // The stream holds every fact once, in the order of the commits.
    expect((await s.stored()).map((message) => message.json<{ n: number }>().n)).toEqual(expected);
    expect(s.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('whose store is lost with it: the streams and consumers are made anew, and later facts arrive', async () => {
    s.relay({}, { nats: await s.openNats() });
    s.consume(note, {}, { nats: await s.openNats() });
    await s.commit(sold, sale(1));
    await waitFor('the first', async () => (await s.effects()).length === 1);
    await (await s.nats.manager()).streams.delete('QUEUE');
    server.kill9();
    await s.commit(sold, sale(2));
    await server.restart();
    await waitFor('the second', async () => (await s.effects()).length === 2);
    expect(await s.effects()).toEqual([1, 2]);
  });
});
