import type { QueueUpdate, QueueVersion } from '@teleop/contracts';
import { FakeTime } from '../testing/fake-time.spec-support';
import { QueueRooms } from './queue-rooms';

function setup() {
  const time = new FakeTime();
  /** The truth: version by robot. */
  const truth = new Map<string, number>();
  const emitted: QueueUpdate[] = [];
  const asked: string[][] = [];
  const state = { away: false, held: undefined as (() => void) | undefined, hold: false };
  const rooms = new QueueRooms(
    { minIntervalMs: 50, maxBackoffMs: 2_000, reconcileMs: 2_000 },
    {
      now: time.now,
      later: time.later,
      snapshot: async (robotId) => {
        if (state.away) throw new Error('away');
        await Promise.resolve();
        return { robotId, version: truth.get(robotId) ?? 0, robotAvailable: true, queue: [] };
      },
      versions: async (robotIds): Promise<QueueVersion[]> => {
        asked.push(robotIds);
        const answer = robotIds.map((robotId) => ({ robotId, version: truth.get(robotId) ?? 0 }));
        if (state.hold) await new Promise<void>((resolve) => (state.held = resolve));
        if (state.away) throw new Error('away');
        return answer;
      },
      emit: (update) => emitted.push(update),
      failed: () => undefined,
    },
  );
  const last = (robotId: string) => emitted.filter((update) => update.robotId === robotId).at(-1)?.version;
  const join = async (robotId: string) => {
    const seat = rooms.seat(robotId);
    const joined = seat.room.fresh(10_000);
    await time.pass(50);
    await joined;
    return seat;
  };
  return { time, truth, rooms, emitted, asked, state, last, join };
}

describe('the rooms of all watched robots', () => {
  it('find a change that nobody announced to them within the reconcile interval', async () => {
    const { time, truth, last, join } = setup();
    await join('arm1');
    truth.set('arm1', 7);
    await time.pass(2_050);
    expect(last('arm1')).toBe(7);
  });

  it('ask one question for all robots, and none while nobody watches', async () => {
    const { time, asked, join } = setup();
    const seats = [await join('arm1'), await join('arm2')];
    await time.pass(2_000);
    expect(asked).toEqual([['arm1', 'arm2']]);
    seats.forEach((seat) => seat.release());
    await time.pass(60_000);
    expect(asked).toHaveLength(1);
    expect(time.timers).toBe(0);
  });

  it('reconcile again when told to while a question is on its way', async () => {
    const { time, truth, asked, state, rooms, last, join } = setup();
    await join('arm1');
    state.hold = true;
    rooms.reconcile();
    truth.set('arm1', 3);
    rooms.reconcile();
    state.hold = false;
    state.held?.();
    await time.pass(100);
    expect(asked).toHaveLength(2);
    expect(last('arm1')).toBe(3);
  });

  it('end on the true state after an outage, whatever was announced during it', async () => {
    const { time, truth, state, rooms, last, join } = setup();
    await join('arm1');
    state.away = true;
    truth.set('arm1', 4);
    rooms.heard({ robotId: 'arm1', version: 4 });
    await time.pass(30_000);
    truth.set('arm1', 9);
    state.away = false;
    await time.pass(4_100);
    expect(last('arm1')).toBe(9);
  });

  it('ignore news of robots that nobody watches here', async () => {
    const { time, rooms, emitted } = setup();
    rooms.heard({ robotId: 'arm9', version: 1 });
    await time.pass(100);
    expect(emitted).toEqual([]);
    expect(rooms.size).toBe(0);
  });

  it('keep a room until its last seat is given back, each seat counting once', async () => {
    const { rooms, join } = setup();
    const first = await join('arm1');
    const second = await join('arm1');
    first.release();
    first.release();
    expect(rooms.size).toBe(1);
    second.release();
    expect(rooms.size).toBe(0);
  });
});
