import {
  defineFeed,
  feedSubject,
  robotNotificationFeed,
  RobotNotification,
  robotStatusFeed,
  RobotStatusFeed,
  validate,
  wildcardSubject,
} from '../index';

describe('a feed declaration', () => {
  it('fills its subject from the payload, and is heard by a wildcard', () => {
    const state = { robotId: 'table1', version: 1, status: {} };
    expect(feedSubject(robotStatusFeed, state)).toBe('teleop.feeds.robots.status.v1.table1');
    expect(wildcardSubject(robotStatusFeed.subject)).toBe('teleop.feeds.robots.status.v1.*');
  });

  it.each(['', 'a.b', '*', '>', 'a b', 'ä'])('never lets the token %j into a subject', (robotId) => {
    expect(() => feedSubject(robotStatusFeed, { robotId, version: 1, status: {} })).toThrow(
      'token "robotId"',
    );
  });

  it('cannot be changed', () => {
    const feed = defineFeed({ ...robotNotificationFeed, name: 'x' });
    expect(() => Object.assign(feed, { owner: 'teach-service' })).toThrow(TypeError);
  });
});

describe('the state of a robot on its way', () => {
  it('keeps telemetry that nobody here knows', () => {
    const status = { robotId: 'table1', version: 3, wheel: { left: [1, 2] }, note: null };
    const checked = validate(RobotStatusFeed, { robotId: 'table1', version: 3, status });
    expect(checked.ok && checked.value.status).toEqual(status);
  });

  it.each([{ version: -1 }, { version: 1.5 }, { version: '1' }, { robotId: 'a.b' }, { status: [] }])(
    'is refused with %j',
    (change) => {
      const good = { robotId: 'table1', version: 1, status: {} };
      expect(validate(RobotStatusFeed, good).ok).toBe(true);
      expect(validate(RobotStatusFeed, { ...good, ...change }).ok).toBe(false);
    },
  );

  it('is a notification only with a known priority', () => {
    const timestamp = '2026-01-16T10:00:00Z';
    const good = { id: 'n1', robotId: 'table1', priority: 'WARN', message: 'blocked', timestamp };
    expect(validate(RobotNotification, good).ok).toBe(true);
    expect(validate(RobotNotification, { ...good, priority: 'LOUD' }).ok).toBe(false);
  });
});
