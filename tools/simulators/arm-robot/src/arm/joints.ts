/** One joint of the arm. Angles in radians, speeds in radians per second. */
export interface JointLimits {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly maxSpeed: number;
}

const degrees = (value: number): number => (value * Math.PI) / 180;

/** A small desk-top arm: the limits are those printed on most six-axis hobby arms. */
export const JOINTS: readonly JointLimits[] = [
  { name: 'base', min: degrees(-170), max: degrees(170), maxSpeed: degrees(120) },
  { name: 'shoulder', min: degrees(-90), max: degrees(90), maxSpeed: degrees(90) },
  { name: 'elbow', min: degrees(-120), max: degrees(120), maxSpeed: degrees(90) },
  { name: 'wrist_roll', min: degrees(-180), max: degrees(180), maxSpeed: degrees(180) },
  { name: 'wrist_pitch', min: degrees(-110), max: degrees(110), maxSpeed: degrees(180) },
  { name: 'tool', min: degrees(-180), max: degrees(180), maxSpeed: degrees(240) },
];

export const BASE = 0;
export const ELBOW = 2;

/** Openings per second: a full stroke takes 0.8 s. */
export const GRIPPER_SPEED = 1.25;

export const HOME: readonly number[] = JOINTS.map(() => 0);

export function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
