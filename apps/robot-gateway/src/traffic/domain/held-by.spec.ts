import type { HolderKind } from '../../lease/holder';
import { heldBy } from './held-by';

const teacher = 'u-1';
const other = 'u-2';
const lease = (kind: HolderKind, userId: string | null, live = kind !== 'none') => ({
  kind,
  live,
  userId,
  holderName: userId === other ? 'Otto' : null,
});
const free = { lease: lease('none', null), lock: undefined, route: undefined, taskId: undefined };

describe('who keeps a robot from being taught', () => {
  it('nobody, when it is free or in the teacher’s own hand', () => {
    expect(heldBy(free, teacher)).toBeUndefined();
    expect(heldBy(free, undefined)).toBeUndefined();
    expect(heldBy({ ...free, lease: lease('drive_lock', other, false) }, teacher)).toBeUndefined();
    const lock = { userId: teacher, name: 'Tea' };
    expect(heldBy({ ...free, lease: lease('drive_lock', teacher), lock }, teacher)).toBeUndefined();
    expect(heldBy({ ...free, lease: lease('preemption', teacher) }, teacher)).toBeUndefined();
  });

  it.each([
    ['session', teacher, 'somebody has the robot in a session'],
    ['session', other, 'Otto has the robot in a session'],
    ['teach', teacher, 'somebody teaches the robot'],
    ['drive_lock', other, 'Otto drives the robot by hand'],
    ['preemption', other, 'Otto drives the robot by hand'],
  ] as const)('a live lease: %s of %s', (kind, userId, words) => {
    expect(heldBy({ ...free, lease: lease(kind, userId) }, teacher)).toBe(words);
  });

  it('another’s lock, a route, a task', () => {
    const lock = { userId: other, name: 'Otto' };
    expect(heldBy({ ...free, lock }, teacher)).toBe('Otto has locked the robot to drive it by hand');
    expect(heldBy({ ...free, lock }, undefined)).toBe('Otto has locked the robot to drive it by hand');
    expect(heldBy({ ...free, route: { destination: 'Kitchen' } }, teacher)).toContain('route to Kitchen');
    expect(heldBy({ ...free, taskId: 't-1' }, teacher)).toContain('t-1');
  });

  it('nobody’s hand is that of a teacher who was not named', () => {
    expect(heldBy({ ...free, lease: lease('drive_lock', null) }, undefined)).toBe(
      'somebody drives the robot by hand',
    );
  });
});
