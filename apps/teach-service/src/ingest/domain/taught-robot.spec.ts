import { sessionAt, type Interval, type TaughtSession } from './taught-robot';

const session = (sessionId: string, robotId: string, recorded: Interval[]): TaughtSession => ({
  ...{ sessionId, robotId, recorded, recording: false },
  scope: { nodeIds: [], pathIds: [] },
});

const SESSIONS = [
  session('first', 'r1', [
    [10, 20],
    [50, null],
  ]),
  session('second', 'r1', [[30, 40]]),
  session('other', 'r2', [[0, null]]),
];

describe('the session that recorded a robot', () => {
  it.each([
    [9, undefined],
    [10, 'first'],
    [19, 'first'],
    [20, undefined],
    [35, 'second'],
    [45, undefined],
    [50, 'first'],
    [1e9, 'first'],
  ])('at %d is %s', (at, sessionId) => {
    expect(sessionAt(SESSIONS, 'r1', at)?.sessionId).toBe(sessionId);
  });

  it('is none of another robot’s', () => {
    expect(sessionAt(SESSIONS, 'r3', 60)).toBeUndefined();
  });
});
