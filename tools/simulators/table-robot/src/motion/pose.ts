import type { Point } from '../map/robot-map';

export interface Pose extends Point {
  /** Radians, anticlockwise from the x axis, in (-π, π]. */
  readonly headingRad: number;
}

export function normalise(angle: number): number {
  const turned = angle % (2 * Math.PI);
  if (turned > Math.PI) return turned - 2 * Math.PI;
  return turned <= -Math.PI ? turned + 2 * Math.PI : turned;
}

/** Where a unicycle is after `seconds` at constant velocities (m/s, rad/s): on an arc, exact for any length of time. */
export function unicycle(pose: Pose, linear: number, angular: number, seconds: number): Pose {
  const turned = angular * seconds;
  const heading = pose.headingRad + turned;
  if (Math.abs(turned) < 1e-9) {
    const way = linear * seconds;
    return {
      x: pose.x + way * Math.cos(pose.headingRad),
      y: pose.y + way * Math.sin(pose.headingRad),
      headingRad: normalise(heading),
    };
  }
  const radius = linear / angular;
  return {
    x: pose.x + radius * (Math.sin(heading) - Math.sin(pose.headingRad)),
    y: pose.y - radius * (Math.cos(heading) - Math.cos(pose.headingRad)),
    headingRad: normalise(heading),
  };
}
