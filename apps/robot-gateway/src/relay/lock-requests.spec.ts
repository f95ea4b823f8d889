import fc from 'fast-check';
import { isLockAnswer, LockRequests, lockRequestToken } from './lock-requests';

describe('lock requests on their way to the robot', () => {
  it('are answered by the robot when it is quick', () => {
    const locks = new LockRequests(250);
    locks.ask(0, 'busy');
    expect(locks.due(100)).toEqual([]);
    expect(locks.robotAnswered()).toBe('pass');
    expect(locks.due(1_000)).toEqual([]);
    expect(locks.waiting).toBe(false);
  });

  it('are answered by the gateway when it is slow, and the late answer is swallowed', () => {
    const locks = new LockRequests(250);
    locks.ask(0, 'lock_granted');
    expect(locks.due(250)).toEqual(['lock_granted']);
    expect(locks.due(300)).toEqual([]);
    expect(locks.robotAnswered()).toBe('swallow');
    expect(locks.robotAnswered()).toBe('pass');
  });

  it('are forgotten when the robot never answers, so that nothing later is swallowed', () => {
    const locks = new LockRequests(250);
    locks.ask(0, 'busy');
    locks.due(250);
    locks.due(6_000);
    expect(locks.waiting).toBe(false);
  });

  it('are not taken without limit', () => {
    const locks = new LockRequests(250);
    const taken = Array.from({ length: 100 }, () => locks.ask(0, 'busy')).filter(Boolean);
    expect(taken.length).toBeLessThan(100);
  });

  it('each reach the driver as exactly one answer, however the robot dawdles', () => {
    const delays = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(delays, (robotDelays) => {
        const locks = new LockRequests(250);
        let now = 0;
        let answers = 0;
        let robotAt = 0;
        const robot: number[] = [];
        for (const delay of robotDelays) {
          locks.ask(now, 'busy');
          robotAt = Math.max(robotAt, now) + delay;
          robot.push(robotAt);
          now += 100;
        }
        for (let at = 0; at < robotAt + 1_000; at += 10) {
          while (robot[0] !== undefined && robot[0] <= at) {
            robot.shift();
            if (locks.robotAnswered() === 'pass') answers += 1;
          }
          answers += locks.due(at).length;
        }
        // A robot slower than the memory of a request may add an answer nobody waits for; none here is.
        if (robotAt < 5_000) expect(answers).toBe(robotDelays.length);
      }),
    );
  });
});

describe('telling a lock request from other frames', () => {
  const token = (text: string) => lockRequestToken(Buffer.from(text));

  it('finds its token whatever the spacing and the order of the keys', () => {
    expect(token('{"type":"lock_request","token":"abc"}')).toBe('abc');
    expect(token('{ "token" : "abc", "type" : "lock_request" }')).toBe('abc');
    expect(token('{"type":"lock_request"}')).toBe('');
  });

  it('leaves everything else alone', () => {
    expect(token('{"type":"joint_velocity","joints":[0]}')).toBeUndefined();
    expect(token('{"type":"note","text":"\\"lock_request\\""}')).toBeUndefined();
    expect(token('"lock_request"')).toBeUndefined();
    expect(token('{"lock_request"')).toBeUndefined();
    expect(token(`{"type":"lock_request","token":"${'x'.repeat(2_000)}"}`)).toBeUndefined();
  });

  it('knows the robot’s answers', () => {
    expect(isLockAnswer(Buffer.from('{"type":"lock_granted"}'))).toBe(true);
    expect(isLockAnswer(Buffer.from('{"type": "busy", "by": "x"}'))).toBe(true);
    expect(isLockAnswer(Buffer.from('{"type":"state","note":"busy"}'))).toBe(false);
  });
});
