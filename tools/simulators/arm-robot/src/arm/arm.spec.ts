import fc from 'fast-check';
import { Arm } from './arm';
import { HOME, JOINTS } from './joints';

const STEP = 0.02;

function letPass(arm: Arm, seconds: number): void {
  for (let t = 0; t < seconds; t += STEP) arm.step(STEP);
}

describe('the arm', () => {
  it('turns a joint at the speed it is told', () => {
    const arm = new Arm();
    arm.turn([0.5, 0, 0, 0, 0, 0]);
    arm.step(1);
    expect(arm.joints[0]).toBeCloseTo(0.5);
    expect(arm.velocities[0]).toBeCloseTo(0.5);
  });

  it('reaches its target and then stands still', () => {
    const arm = new Arm();
    arm.moveTo([1, -1, 0.5, 2, -1, 0.2]);
    letPass(arm, 3);
    expect(arm.joints.map((angle) => Number(angle.toFixed(4)))).toEqual([1, -1, 0.5, 2, -1, 0.2]);
    expect(arm.moving).toBe(false);
    arm.home();
    letPass(arm, 3);
    expect(arm.joints).toEqual(HOME);
  });

  it('stands where it is after a stop', () => {
    const arm = new Arm();
    arm.turn([0.5, 0.5, 0, 0, 0, 0]);
    arm.openGripper(1);
    letPass(arm, 0.3);
    arm.stop();
    const at = [...arm.joints, arm.gripper];
    letPass(arm, 1);
    expect([...arm.joints, arm.gripper]).toEqual(at);
    expect(arm.moving).toBe(false);
  });

  it('comes to rest when it is turned against its limit', () => {
    const arm = new Arm();
    arm.turn([2, 0, 0, 0, 0, 0]);
    letPass(arm, 5);
    expect(arm.joints[0]).toBe(JOINTS[0]!.max);
    expect(arm.moving).toBe(false);
  });

  it('never leaves its limits nor exceeds its speeds, whatever it is told', () => {
    const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    const order = fc.tuple(
      fc.constantFrom('turn', 'moveTo'),
      fc.array(number, { minLength: 6, maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(order, { maxLength: 20 }), (orders) => {
        const arm = new Arm();
        for (const [kind, values] of orders) {
          arm[kind](values);
          letPass(arm, 0.5);
          JOINTS.forEach(({ min, max, maxSpeed }, index) => {
            expect(arm.joints[index]).toBeGreaterThanOrEqual(min - 1e-9);
            expect(arm.joints[index]).toBeLessThanOrEqual(max + 1e-9);
            expect(Math.abs(arm.velocities[index]!)).toBeLessThanOrEqual(maxSpeed + 1e-6);
          });
        }
      }),
      { numRuns: 50 },
    );
  });
});
