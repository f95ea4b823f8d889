import { IsInt, IsString } from 'class-validator';
import { DEFAULT_DELIVERY, defineEvent, eventFilter, eventSubject, isOperational } from '../index';

class Moved {
  @IsString()
  robotId!: string;

  @IsInt()
  step!: number;
}

const moved = defineEvent({
  name: 'robot.moved',
  owner: 'robot-gateway',
  subject: 'teleop.robots.moved.v1.{robotId}.end',
  stream: 'ROBOTS',
  payload: Moved,
  delivery: { maxDeliver: 3 },
  description: 'A robot moved.',
});

describe('an event declaration', () => {
  it('fills its subject from the payload, and hears all of them by a wildcard', () => {
    expect(eventSubject(moved, { robotId: 'arm_1', step: 2 })).toBe('teleop.robots.moved.v1.arm_1.end');
    expect(eventFilter(moved)).toBe('teleop.robots.moved.v1.*.end');
  });

  it.each(['', 'a.b', '*', '>', 'a b', 'a\r\nPUB x', 'ä', 'x'.repeat(65)])(
    'never lets the token %j into a subject',
    (robotId) => {
      expect(() => eventSubject(moved, { robotId, step: 1 })).toThrow('token "robotId"');
    },
  );

  it('keeps the default delivery for what it does not say, and cannot be changed', () => {
    expect(moved.delivery).toEqual({ ...DEFAULT_DELIVERY, maxDeliver: 3 });
    expect(() => Object.assign(moved, { owner: 'teach-service' })).toThrow(TypeError);
  });
});

describe('an operational error', () => {
  const away = Object.assign(new Error('away'), { operational: true });

  it('is known by its mark, also through what it caused', () => {
    expect(isOperational(away)).toBe(true);
    expect(isOperational(new Error('could not join', { cause: new Error('no row', { cause: away }) }))).toBe(
      true,
    );
  });

  it('is not any other error, and a ring of causes ends', () => {
    const ring: Error = new Error('ring');
    ring.cause = ring;
    for (const error of [new Error('bug'), undefined, null, 'text', ring, { operational: 1 }]) {
      expect(isOperational(error)).toBe(false);
    }
  });
});
