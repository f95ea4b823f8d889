import type { Leg, RouteDrive } from './route-drive';
import { distance, type RoadMap } from '../map/robot-map';
import type { Whereabouts } from '../map/plan';
import { unicycle, type Pose } from './pose';

/** What a robot can do beside driving; names as missions have them. */
export interface Actuators {
  /** mm between the jaws. */
  gripPosition: number;
  rotationAngleDeg: number;
  /** mm. */
  telescopeLength: number;
  /** mm. */
  hoistHeight: number;
}

/** So near counts as being at a node when it was driven there by hand, metres. */
const AT_NODE_M = 0.3;
const ON_NODE_M = 0.01;
const BATTERY_PER_METRE = 0.02;
const CHARGE_PER_SECOND = 0.1;
const CHARGER = 'Charging Station';

/** The body of the robot: where it stands, what it carries, how full its battery is. */
export class Table {
  pose: Pose;
  /** The last node it was at, and where it is driving to. */
  lastNode: string;
  targetNode: string | null = null;
  batteryLevel = 100;
  cargoStatus = 'EMPTY';
  readonly actuators: Actuators = {
    gripPosition: 0,
    rotationAngleDeg: 0,
    telescopeLength: 0,
    hoistHeight: 0,
  };
  #node: string | null;
  #leg: Leg | null = null;

  constructor(
    private readonly map: RoadMap,
    home: string,
  ) {
    const node = map.node(home);
    if (node === undefined) throw new Error(`the map has no node ${home} to start at`);
    this.pose = { x: node.x, y: node.y, headingRad: 0 };
    this.lastNode = node.id;
    this.#node = node.id;
  }

  get whereabouts(): Whereabouts {
    return { point: this.pose, node: this.#node, leg: this.#leg };
  }

  /** Lets it drive for a while; true on arrival. `passed` is told of each node. */
  drive(route: RouteDrive, seconds: number, passed: (node: string) => void): boolean {
    const { pose, passed: nodes, arrived } = route.advance(this.pose, seconds);
    const moved = distance(pose, this.pose);
    this.wear(moved);
    this.pose = pose;
    for (const node of nodes) {
      this.lastNode = node;
      passed(node);
    }
    this.#leg = route.leg ?? route.lastLeg ?? this.#leg;
    const last = nodes.at(-1);
    const node = this.map.node(last ?? this.#node ?? '');
    this.#node = node !== undefined && distance(node, pose) < ON_NODE_M ? node.id : null;
    return arrived;
  }

  /** Hand-driven, it is not on a path any more. */
  roll(linear: number, angular: number, seconds: number): void {
    this.pose = unicycle(this.pose, linear, angular, seconds);
    this.wear(Math.abs(linear) * seconds);
    this.#leg = null;
    this.#node = null;
  }

  /** After rolling: the node it stands next to is the last it was at. True when that is news. */
  lookAround(): boolean {
    const node = this.map.nearest(this.pose);
    const away = distance(node, this.pose);
    if (away < ON_NODE_M) this.#node = node.id;
    if (away >= AT_NODE_M || node.id === this.lastNode) return false;
    this.lastNode = node.id;
    return true;
  }

  rest(seconds: number): void {
    if (this.#node === CHARGER)
      this.batteryLevel = Math.min(100, this.batteryLevel + CHARGE_PER_SECOND * seconds);
  }

  private wear(metres: number): void {
    // It never runs flat: a demo that stands still after a day would look broken.
    this.batteryLevel = Math.max(5, this.batteryLevel - BATTERY_PER_METRE * metres);
  }
}
