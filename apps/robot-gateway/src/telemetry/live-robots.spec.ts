import { Clock } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { LiveRobots } from './live-robots';

describe('what robots said last', () => {
  function setup() {
    let now = 1_000;
    const clock = Object.assign(new Clock(), { monotonic: () => now });
    const live = new LiveRobots(clock, { ROBOT_STALE_MS: 500 } as RobotsConfig);
    const heard: unknown[] = [];
    live.onTelemetry((_, { state }) => heard.push(state['round']));
    return { live, heard, later: (ms: number) => void (now += ms) };
  }

  it('is what came last, whichever replica it came to', () => {
    const { live, heard, later } = setup();
    live.learn('a', { round: 1 }, { here: true, ageMs: 0 });
    later(100);
    live.learn('a', { round: 2 }, { here: false, ageMs: 20 });
    expect(live.of('a')).toEqual({ state: { round: 2 }, receivedAt: 1_080, here: false });
    later(10);
    live.learn('a', { round: 3 }, { here: true, ageMs: 0 });
    // Told late, and overtaken.
    later(30);
    live.learn('a', { round: 2 }, { here: false, ageMs: 90 });
    expect(live.of('a')).toEqual({ state: { round: 3 }, receivedAt: 1_110, here: true });
    expect(heard).toEqual([1, 2, 3]);
  });

  it('is what was stored only as long as nothing newer is known', () => {
    const { live, heard, later } = setup();
    live.recall('a', { round: 1 }, 300);
    live.recall('a', { round: 2 }, 200);
    live.recall('a', { round: 0 }, 400);
    expect([live.stateOf('a'), live.connected('a')]).toEqual([{ round: 2 }, true]);
    later(300);
    expect(live.connected('a')).toBe(false);
    live.learn('a', { round: 3 }, { here: true, ageMs: 0 });
    live.recall('a', { round: 2 }, 500);
    expect(heard).toEqual([1, 2, 3]);
    expect(live.ageMs('b')).toBe(Infinity);
  });
});
