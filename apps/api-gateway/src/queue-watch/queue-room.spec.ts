import type { QueueUpdate } from '@teleop/contracts';
import { PullRefused, PullTimedOut } from '../sockets/paced-pull';
import { QueueRoom } from './queue-room';
import { FakeTime } from '../testing/fake-time.spec-support';

const update = (version: number): QueueUpdate => ({
  robotId: 'arm1',
  version,
  robotAvailable: true,
  queue: [],
});

function setup(options = { minIntervalMs: 50, maxBackoffMs: 2_000 }) {
  const time = new FakeTime();
  const emitted: { version: number; at: number }[] = [];
  const pulls: { at: number; resolve: (version: number) => void; reject: (error: Error) => void }[] = [];
  const failures: unknown[] = [];
  let emitCost = 0;
  const room = new QueueRoom(options, {
    now: time.now,
    later: time.later,
    pull: () =>
      new Promise((resolve, reject) =>
        pulls.push({ at: time.now(), resolve: (version) => resolve(update(version)), reject }),
      ),
    emit: ({ version }) => {
      emitted.push({ version, at: time.now() });
      time.jump(emitCost);
    },
    failed: (error) => failures.push(error),
  });
  const versions = () => emitted.map(({ version }) => version);
  /** Answers the newest pull. */
  const answer = async (version: number) => {
    pulls.at(-1)?.resolve(version);
    await time.settle();
  };
  const fail = async (error = new Error('away')) => {
    pulls.at(-1)?.reject(error);
    await time.settle();
  };
  return {
    time,
    room,
    pulls,
    emitted,
    failures,
    versions,
    answer,
    fail,
    costOfEmit: (ms: number) => (emitCost = ms),
  };
}

describe('the room of one robot', () => {
  it('pulls at once at the first news, and emits what it got', async () => {
    const { room, pulls, versions, answer } = setup();
    room.heard(3);
    expect(pulls).toHaveLength(1);
    await answer(3);
    expect(versions()).toEqual([3]);
  });

  it('turns a burst into one more update, which is the last state', async () => {
    const { room, pulls, time, versions, answer } = setup();
    room.heard(1);
    await answer(1);
    for (let version = 2; version <= 40; version += 1) room.heard(version);
    expect(pulls).toHaveLength(1);
    await time.pass(50);
    expect(pulls).toHaveLength(2);
    await answer(40);
    expect(versions()).toEqual([1, 40]);
    await time.pass(1_000);
    expect(pulls).toHaveLength(2);
  });

  it('never emits more than 20 times a second, however often the queue changes', async () => {
    const { room, pulls, time, emitted } = setup();
    for (let ms = 0; ms < 1_000; ms += 1) {
      room.heard(ms);
      pulls.at(-1)?.resolve(ms);
      await time.pass(1);
    }
    expect(emitted.length).toBeGreaterThan(15);
    expect(emitted.length).toBeLessThanOrEqual(20);
  });

  it('has one pull on its way, and pulls again for what was announced meanwhile', async () => {
    const { room, pulls, time, versions, answer } = setup();
    room.heard(1);
    room.heard(2);
    await time.pass(500);
    expect(pulls).toHaveLength(1);
    await answer(1);
    expect(pulls).toHaveLength(2);
    await answer(2);
    expect(versions()).toEqual([1, 2]);
  });

  it('does not pull for a version that it has shown already', async () => {
    const { room, pulls, time, answer } = setup();
    room.heard(1);
    await answer(5);
    for (const version of [2, 5, 4]) room.heard(version);
    await time.pass(10_000);
    expect(pulls).toHaveLength(1);
  });

  it('never emits an older state, and asks again for the one it was promised', async () => {
    const { room, pulls, time, versions, answer } = setup();
    room.heard(5);
    await answer(5);
    room.heard(7);
    await time.pass(50);
    await answer(4);
    expect(versions()).toEqual([5]);
    expect(room.latest?.version).toBe(5);
    await time.pass(100);
    expect(pulls).toHaveLength(3);
    await answer(7);
    expect(versions()).toEqual([5, 7]);
  });

  it('tries again with growing pauses until the state is there', async () => {
    const { room, pulls, time, versions, fail, answer, failures } = setup();
    room.heard(1);
    for (let i = 0; i < 8; i += 1) {
      await fail();
      await time.pass(2_000);
    }
    expect(failures).toHaveLength(8);
    const pauses = pulls.slice(1).map(({ at }, i) => at - (pulls[i]?.at ?? 0));
    expect(pauses[0]).toBe(100);
    expect(Math.max(...pauses)).toBe(2_000);
    await answer(1);
    expect(versions()).toEqual([1]);
    room.heard(2);
    await time.pass(50);
    expect(pulls).toHaveLength(10);
  });

  it('stops trying when the last watcher has left', async () => {
    const { room, pulls, time, fail } = setup();
    room.heard(1);
    await fail();
    room.close();
    await time.pass(60_000);
    expect(pulls).toHaveLength(1);
  });

  it('emits nothing after it was closed', async () => {
    const { room, versions, answer } = setup();
    room.heard(1);
    room.close();
    await answer(1);
    expect(versions()).toEqual([]);
  });

  it('counts the pause from the end of an emit that took long', async () => {
    const { room, pulls, time, answer, costOfEmit } = setup();
    costOfEmit(80);
    room.heard(1);
    await answer(1);
    room.heard(2);
    await time.pass(49);
    expect(pulls).toHaveLength(1);
    await time.pass(1);
    expect(pulls).toHaveLength(2);
  });
});

describe('joining a room', () => {
  it('gives a state that was pulled after the join', async () => {
    const { room, pulls, time, answer } = setup();
    room.heard(1);
    const joined = room.fresh(1_000);
    await answer(1);
    // That one was on its way already.
    await time.pass(50);
    expect(pulls).toHaveLength(2);
    await answer(1);
    await expect(joined).resolves.toMatchObject({ version: 1 });
  });

  it('never gives less than the room has seen', async () => {
    const { room, time, answer } = setup();
    room.heard(9);
    await answer(9);
    const joined = room.fresh(1_000);
    await time.pass(50);
    await answer(6);
    await expect(joined).resolves.toMatchObject({ version: 9 });
  });

  it('shows the room what the joiner saw first', async () => {
    const { room, time, versions, answer } = setup();
    room.heard(1);
    await answer(1);
    const joined = room.fresh(1_000);
    await time.pass(50);
    await answer(2);
    await joined;
    expect(versions()).toEqual([1, 2]);
  });

  it('serves many joiners with one pull', async () => {
    const { room, pulls, time, answer } = setup();
    const first = room.fresh(1_000);
    const others = Array.from({ length: 100 }, () => room.fresh(1_000));
    await answer(1);
    await first;
    await time.pass(50);
    await answer(1);
    await Promise.all(others);
    expect(pulls).toHaveLength(2);
  });

  it('waits for a service that is away, until its time is over', async () => {
    const { room, time, fail } = setup();
    const joined = room.fresh(500);
    const result = expect(joined).rejects.toBeInstanceOf(PullTimedOut);
    for (let i = 0; i < 5; i += 1) {
      await fail();
      await time.pass(400);
    }
    await result;
  });

  it('is refused at once when there is no such robot', async () => {
    const { room, fail, pulls } = setup();
    const joined = room.fresh(10_000);
    const result = expect(joined).rejects.toBeInstanceOf(PullRefused);
    await fail(new PullRefused('ROBOT_NOT_FOUND', 'no such robot'));
    await result;
    expect(pulls).toHaveLength(1);
  });
});
