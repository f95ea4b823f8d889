import { distance, type Point } from '../map/robot-map';
import { normalise, type Pose } from './pose';

/** One straight piece of a drive. */
export interface Leg {
  readonly from: Point;
  readonly to: Point;
  /** The nodes at its ends; null where it begins or ends beside the map's nodes. */
  readonly fromNode: string | null;
  readonly toNode: string | null;
  /** Metres to drive, which on a winding path is more than the distance of its ends. */
  readonly lengthM: number;
  /** m/s. */
  readonly speed: number;
  readonly oneWay: boolean;
}

export interface Progress {
  readonly pose: Pose;
  /** Nodes passed, in order. */
  readonly passed: readonly string[];
  readonly arrived: boolean;
}

/** Drives along legs, turning on the spot at their joints. Time may pass in steps of any length. */
export class RouteDrive {
  readonly totalM: number;
  #leg = 0;
  #onLegM = 0;
  #drivenM = 0;

  constructor(
    private readonly legs: readonly Leg[],
    /** rad/s. */
    private readonly turnRate: number,
  ) {
    this.totalM = legs.reduce((total, { lengthM }) => total + lengthM, 0);
  }

  /** The leg under the wheels; undefined at the end. */
  get leg(): Leg | undefined {
    return this.legs[this.#leg];
  }

  get lastLeg(): Leg | undefined {
    return this.legs.at(-1);
  }

  /** 0 at the start, 1 at the end. */
  get share(): number {
    return this.totalM === 0 ? 1 : this.#drivenM / this.totalM;
  }

  advance(from: Pose, seconds: number): Progress {
    let pose = from;
    let left = seconds;
    const passed: string[] = [];
    for (let leg = this.leg; leg !== undefined; leg = this.leg) {
      const straight = distance(leg.from, leg.to);
      if (straight > 0) {
        const turn = turnTo(pose, leg, this.turnRate, left);
        pose = turn.pose;
        left = turn.left;
      }
      const needed = (leg.lengthM - this.#onLegM) / leg.speed;
      if (left < needed) {
        this.move(left * leg.speed);
        return { pose: { ...pose, ...pointOn(leg, this.#onLegM) }, passed, arrived: false };
      }
      left -= needed;
      this.move(leg.lengthM - this.#onLegM);
      pose = { ...pose, x: leg.to.x, y: leg.to.y };
      if (leg.toNode !== null) passed.push(leg.toNode);
      this.#leg += 1;
      this.#onLegM = 0;
    }
    return { pose, passed, arrived: true };
  }

  private move(metres: number): void {
    this.#onLegM += metres;
    this.#drivenM += metres;
  }
}

function pointOn({ from, to, lengthM }: Leg, metres: number): Point {
  const share = metres / lengthM;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function turnTo(pose: Pose, { from, to }: Leg, rate: number, seconds: number): { pose: Pose; left: number } {
  const wanted = Math.atan2(to.y - from.y, to.x - from.x);
  const off = normalise(wanted - pose.headingRad);
  const needed = Math.abs(off) / rate;
  if (needed <= seconds) return { pose: { ...pose, headingRad: wanted }, left: seconds - needed };
  return {
    pose: { ...pose, headingRad: normalise(pose.headingRad + Math.sign(off) * rate * seconds) },
    left: 0,
  };
}
