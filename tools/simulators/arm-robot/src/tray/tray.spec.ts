import fc from 'fast-check';
import { Hand } from './hand';
import { Tray, type Area } from './tray';

const joints = (base: number, shoulder = 0): number[] => [base, shoulder, 0, 0, 0, 0];
const LEFT = -0.7;
const RIGHT = 0.7;

describe('the dolls under the arm', () => {
  it('are counted by the camera whose row they lie in, and by no other', () => {
    const tray = Tray.with(
      [
        { left: 2, right: 1 },
        { left: 0, right: 3 },
      ],
      1,
    );
    expect([tray.counts(0), tray.counts(1)]).toEqual([
      { left: 2, right: 1 },
      { left: 0, right: 3 },
    ]);
    expect(tray.move(0, 'left', 'right')).toBe(true);
    expect(tray.move(1, 'left', 'right')).toBe(false);
    expect([tray.counts(0), tray.counts(1)]).toEqual([
      { left: 1, right: 2 },
      { left: 0, right: 3 },
    ]);
  });

  it('never become more or fewer, whatever the gripper does', () => {
    const area = fc.constantFrom<Area>('left', 'right');
    const step = fc.oneof(
      fc.record({ take: area, camera: fc.nat(1) }),
      fc.record({ drop: fc.option(area, { nil: undefined }) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const tray = Tray.with(
          [
            { left: 2, right: 2 },
            { left: 1, right: 0 },
          ],
          2,
        );
        for (const one of steps) {
          if ('take' in one) tray.take(one.camera, one.take);
          else tray.drop(one.drop);
          expect(tray.dolls.length + (tray.held === undefined ? 0 : 1)).toBe(5);
        }
      }),
    );
  });

  it('are a list that a later move does not change', () => {
    const tray = Tray.with([{ left: 1, right: 0 }], 3);
    const before = tray.dolls;
    tray.move(0, 'left', 'right');
    expect(before.map((doll) => doll.area)).toEqual(['left']);
  });

  it('are put back once none is left to be moved', () => {
    const tray = Tray.with(
      [
        { left: 0, right: 2 },
        { left: 1, right: 1 },
      ],
      4,
    );
    tray.refill();
    expect([tray.counts(0), tray.counts(1)]).toEqual([
      { left: 2, right: 0 },
      { left: 1, right: 1 },
    ]);
  });
});

describe('the gripper', () => {
  function setup() {
    const tray = Tray.with(
      [
        { left: 2, right: 0 },
        { left: 1, right: 0 },
      ],
      5,
    );
    return { tray, hand: new Hand(tray) };
  }

  it('takes a doll by closing above it and lets it go by opening above the other side', () => {
    const { tray, hand } = setup();
    hand.follow(joints(LEFT), 1);
    expect(hand.follow(joints(LEFT), 0.2)).toBe(true);
    expect(tray.counts(0)).toEqual({ left: 1, right: 0 });
    hand.follow(joints(RIGHT), 0.2);
    expect(hand.follow(joints(RIGHT), 1)).toBe(true);
    expect(tray.counts(0)).toEqual({ left: 1, right: 1 });
  });

  it('reaches the far row with the shoulder', () => {
    const { tray, hand } = setup();
    hand.follow(joints(LEFT, 0.5), 1);
    hand.follow(joints(LEFT, 0.5), 0);
    hand.follow(joints(RIGHT, 0.5), 1);
    expect([tray.counts(0), tray.counts(1)]).toEqual([
      { left: 2, right: 0 },
      { left: 0, right: 1 },
    ]);
  });

  it('takes nothing between the sides or where nothing lies, and what it drops there rolls back', () => {
    const { tray, hand } = setup();
    for (const base of [0, RIGHT]) {
      hand.follow(joints(base), 1);
      expect(hand.follow(joints(base), 0)).toBe(false);
    }
    hand.follow(joints(LEFT), 1);
    hand.follow(joints(LEFT), 0);
    hand.follow(joints(0), 1);
    expect(tray.counts(0)).toEqual({ left: 2, right: 0 });
    hand.follow(joints(LEFT), 0);
    hand.letGo();
    expect(tray.counts(0)).toEqual({ left: 2, right: 0 });
  });
});
