import { clamp, GRIPPER_SPEED, HOME, JOINTS } from './joints';

type Motion =
  | { readonly kind: 'still' }
  | { readonly kind: 'velocity'; readonly velocities: readonly number[] }
  | { readonly kind: 'target'; readonly angles: readonly number[] };

const STILL: Motion = { kind: 'still' };
const ARRIVED = 1e-6;

/** Where the arm is and what it is doing; time passes only by `step`. */
export class Arm {
  readonly joints: number[] = [...HOME];
  readonly velocities: number[] = JOINTS.map(() => 0);
  gripper = 0;
  #motion: Motion = STILL;
  #gripperTarget = 0;

  /** Turns the joints at these speeds (rad/s) until told otherwise; beyond a joint's speed it is cut to it. */
  turn(velocities: readonly number[]): void {
    this.#motion = {
      kind: 'velocity',
      velocities: JOINTS.map(({ maxSpeed }, index) => clamp(velocities[index] ?? 0, -maxSpeed, maxSpeed)),
    };
  }

  /** Moves every joint to its angle (rad) as fast as it may; beyond a joint's range it is cut to it. */
  moveTo(angles: readonly number[]): void {
    this.#motion = {
      kind: 'target',
      angles: JOINTS.map(({ min, max }, index) => clamp(angles[index] ?? 0, min, max)),
    };
  }

  home(): void {
    this.moveTo(HOME);
  }

  /** 0 closed, 1 open. */
  openGripper(opening: number): void {
    this.#gripperTarget = clamp(opening, 0, 1);
  }

  stop(): void {
    this.#motion = STILL;
    this.#gripperTarget = this.gripper;
    this.velocities.fill(0);
  }

  get moving(): boolean {
    return this.#motion.kind !== 'still' || this.#gripperTarget !== this.gripper;
  }

  /** Lets `seconds` pass. */
  step(seconds: number): void {
    if (this.#motion.kind === 'velocity') this.stepVelocity(this.#motion.velocities, seconds);
    else if (this.#motion.kind === 'target') this.stepTarget(this.#motion.angles, seconds);
    const reach = GRIPPER_SPEED * seconds;
    this.gripper += clamp(this.#gripperTarget - this.gripper, -reach, reach);
  }

  private stepVelocity(velocities: readonly number[], seconds: number): void {
    JOINTS.forEach(({ min, max }, index) => {
      this.place(index, clamp(this.joints[index]! + velocities[index]! * seconds, min, max), seconds);
    });
    // All joints commanded to rest, or resting against their limits: nothing moves any more.
    if (this.velocities.every((velocity) => velocity === 0)) this.#motion = STILL;
  }

  private stepTarget(angles: readonly number[], seconds: number): void {
    JOINTS.forEach(({ maxSpeed }, index) => {
      const reach = maxSpeed * seconds;
      const at = this.joints[index]!;
      this.place(index, at + clamp(angles[index]! - at, -reach, reach), seconds);
    });
    if (angles.every((angle, index) => Math.abs(angle - this.joints[index]!) < ARRIVED)) this.stop();
  }

  private place(index: number, angle: number, seconds: number): void {
    this.velocities[index] = seconds > 0 ? (angle - this.joints[index]!) / seconds : 0;
    this.joints[index] = angle;
  }
}
