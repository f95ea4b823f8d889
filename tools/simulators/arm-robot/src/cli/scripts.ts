/** What the terminal driver sends: a frame for a moment of the drive, in seconds since its start. */
export type Script = (seconds: number) => object;

const velocities = (joints: readonly number[]): object => ({ type: 'joint_velocity', joints });

export const SCRIPTS: Readonly<Record<string, Script>> = {
  /** Waves: base and wrist swing, and the gripper opens and closes. */
  wave: (t) =>
    Math.floor(t * 20) % 40 === 0
      ? { type: 'gripper', opening: Math.floor(t / 2) % 2 }
      : velocities([0.6 * Math.sin(t), 0.2 * Math.cos(t), 0, 0, 1.2 * Math.sin(3 * t), 0]),
  /** Turns the base at a steady speed, to and fro. */
  turn: (t) => velocities([Math.floor(t / 2) % 2 === 0 ? 0.5 : -0.5, 0, 0, 0, 0, 0]),
  /** Carries a doll from the left to the right, again and again, 5.5 s each. */
  dolls: (t) => {
    const at = t % 5.5;
    if (at < 1) return { type: 'gripper', opening: 1 };
    if (at < 2.5) return { type: 'joint_target', joints: [-0.7, 0, 0, 0, 0, 0] };
    if (at < 3.5) return { type: 'gripper', opening: 0 };
    return { type: 'joint_target', joints: [0.7, 0, 0, 0, 0, 0] };
  },
  /** Drives home and stays there. */
  home: () => ({ type: 'home' }),
};
