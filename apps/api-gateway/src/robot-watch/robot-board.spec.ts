import type { RobotStatusFeed } from '@teleop/contracts';
import { FakeTime } from '../testing/fake-time.spec-support';
import { ALL_ROBOTS, type Scope } from '../sockets/robot-scope';
import { RobotBoard } from './robot-board';

const state = (robotId: string, version: number): RobotStatusFeed => ({
  robotId,
  version,
  status: { robotId, version },
});

function setup() {
  const time = new FakeTime();
  /** The truth: version by robot. */
  const truth = new Map<string, number>([
    ['r1', 1],
    ['r2', 1],
  ]);
  const emitted: string[] = [];
  const asked: (readonly string[] | undefined)[] = [];
  const control = { away: false, listening: 0, stale: 0, hold: undefined as Promise<void> | undefined };
  const board = new RobotBoard(
    { minIntervalMs: 50, maxBackoffMs: 2_000, reconcileMs: 3_000 },
    {
      now: time.now,
      later: time.later,
      statuses: async (robotIds) => {
        asked.push(robotIds);
        const ids = robotIds ?? [...truth.keys()];
        const answer = ids.flatMap((id) => (truth.has(id) ? [state(id, truth.get(id) as number)] : []));
        await control.hold;
        if (control.away) throw new Error('away');
        return answer;
      },
      listen: () => {
        control.listening += 1;
        return () => (control.listening -= 1);
      },
      emit: ({ robotId, version }) => emitted.push(`${robotId}@${version}`),
      stale: () => (control.stale += 1),
      failed: () => undefined,
    },
  );
  const join = async (scope: Scope) => {
    const watch = board.watch(scope);
    const joined = board.fresh(10_000);
    await time.pass(50);
    await joined;
    return watch;
  };
  return { time, truth, board, emitted, asked, control, join };
}

describe('the board of watched robots', () => {
  it('passes on what is newer, and drops what comes twice, late or out of order', async () => {
    const { board, emitted, control, join } = setup();
    await join('r1');
    for (const version of [3, 3, 2, 5, 4, 1]) board.heard(state('r1', version));
    expect(emitted).toEqual(['r1@1', 'r1@3', 'r1@5']);
    expect(control.stale).toBe(4);
    expect(board.latest('r1')?.version).toBe(5);
  });

  it('is not set back by an answer that is older than what was heard meanwhile', async () => {
    const { board, emitted, control, time, join } = setup();
    await join('r1');
    let answer = () => {};
    control.hold = new Promise((resolve) => (answer = resolve));
    board.reconcile();
    await time.pass(50);
    board.heard(state('r1', 7));
    answer();
    await time.settle();
    expect(board.latest('r1')?.version).toBe(7);
    expect(emitted.at(-1)).toBe('r1@7');
  });

  it('asks for the watched robots alone, or for all when somebody watches all', async () => {
    const { asked, join } = setup();
    await join('r1');
    await join('r2');
    const all = await join(ALL_ROBOTS);
    all.release();
    await join('r1');
    expect(asked).toEqual([['r1'], ['r1', 'r2'], undefined, ['r1', 'r2']]);
  });

  it('knows nothing of robots that nobody watches', async () => {
    const { board, emitted, join } = setup();
    const all = await join(ALL_ROBOTS);
    await join('r1');
    expect(board.size).toBe(2);
    all.release();
    expect(board.size).toBe(1);
    board.heard(state('r2', 9));
    expect(emitted).not.toContain('r2@9');
  });

  it('shows those who watch all a robot that is new', async () => {
    const { board, emitted, join } = setup();
    await join(ALL_ROBOTS);
    board.heard(state('r3', 1));
    expect(emitted).toContain('r3@1');
    expect(board.robotsOf(ALL_ROBOTS)).toEqual(['r1', 'r2', 'r3']);
  });

  it('forgets a robot that is no more', async () => {
    const { board, truth, time, join } = setup();
    await join(ALL_ROBOTS);
    truth.delete('r2');
    await time.pass(3_000);
    expect(board.robotsOf(ALL_ROBOTS)).toEqual(['r1']);
  });

  it('finds lost news within the reconcile interval', async () => {
    const { truth, time, emitted, join } = setup();
    await join('r1');
    truth.set('r1', 8);
    await time.pass(3_000);
    expect(emitted).toContain('r1@8');
  });

  it('reads again when told to while a reading is on its way', async () => {
    const { board, truth, time, emitted, control, join } = setup();
    await join('r1');
    let answer = () => {};
    control.hold = new Promise((resolve) => (answer = resolve));
    board.reconcile();
    await time.pass(50);
    truth.set('r1', 4);
    board.reconcile();
    answer();
    await time.pass(200);
    expect(emitted).toContain('r1@4');
  });

  it('keeps asking after an outage until it was answered', async () => {
    const { truth, time, emitted, control, join } = setup();
    await join('r1');
    control.away = true;
    truth.set('r1', 6);
    await time.pass(20_000);
    control.away = false;
    await time.pass(2_000);
    expect(emitted).toContain('r1@6');
  });

  it('listens and asks only while anybody watches', async () => {
    const { board, time, asked, control, join } = setup();
    board.reconcile();
    expect(control.listening).toBe(0);
    const watches = [await join('r1'), await join(ALL_ROBOTS)];
    expect(control.listening).toBe(1);
    for (const watch of watches) {
      watch.release();
      watch.release();
    }
    expect(control.listening).toBe(0);
    const { length } = asked;
    await time.pass(60_000);
    expect(asked).toHaveLength(length);
    expect(time.timers).toBe(0);
    expect(board.size).toBe(0);
    await join('r1');
    expect(board.latest('r1')?.version).toBe(1);
  });

  it('serves a thousand who join at once with two readings', async () => {
    const { board, time, asked, join } = setup();
    await join('r1');
    const { length } = asked;
    const joined = Array.from({ length: 1_000 }, () => {
      board.watch('r2');
      return board.fresh(10_000);
    });
    await time.pass(50);
    await Promise.all(joined);
    expect(asked).toHaveLength(length + 2);
  });
});
