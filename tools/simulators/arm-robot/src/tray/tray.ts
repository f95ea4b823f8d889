import { seeded } from './random';

export type Area = 'left' | 'right';

/** Where a doll lies in its area: both from -1 to 1, (0, 0) is the middle. */
export interface Spot {
  readonly u: number;
  readonly v: number;
}

export interface Doll {
  readonly id: number;
  /** Which camera sees it: the row of the table it lies in. No other camera does. */
  readonly camera: number;
  readonly area: Area;
  readonly spot: Spot;
  /** Degrees of the colour wheel. */
  readonly hue: number;
  /** Degrees it is turned by. */
  readonly tilt: number;
}

export interface SideCounts {
  readonly left: number;
  readonly right: number;
}

const MIN_APART = 0.62;
const TRIES = 200;
const REACH = 0.72;

/** The dolls on the table. Each row of it is in the picture of one camera, so that no doll is counted twice. */
export class Tray {
  #dolls: readonly Doll[] = [];
  #nextId = 1;
  #held: { readonly doll: Doll } | undefined;
  readonly #random: () => number;

  constructor(
    readonly cameras: number,
    seed: number,
  ) {
    this.#random = seeded(seed);
  }

  /** Lays out so many dolls on each side, for each camera in turn. */
  static with(counts: readonly SideCounts[], seed: number): Tray {
    const tray = new Tray(counts.length, seed);
    counts.forEach((count, camera) => {
      for (let index = 0; index < count.left; index += 1) tray.add(camera, 'left');
      for (let index = 0; index < count.right; index += 1) tray.add(camera, 'right');
    });
    return tray;
  }

  /** As they lie now: the list never changes, a later look gets another one. */
  get dolls(): readonly Doll[] {
    return this.#dolls;
  }

  /** The doll in the gripper; it is in no picture's areas while it is there. */
  get held(): Doll | undefined {
    return this.#held?.doll;
  }

  counts(camera: number): SideCounts {
    const of = (area: Area) =>
      this.#dolls.filter((doll) => doll.camera === camera && doll.area === area).length;
    return { left: of('left'), right: of('right') };
  }

  add(camera: number, area: Area): void {
    const doll: Doll = {
      id: this.#nextId,
      camera,
      area,
      spot: this.freeSpot(camera, area),
      hue: Math.floor(this.#random() * 12) * 30,
      tilt: (this.#random() - 0.5) * 50,
    };
    this.#nextId += 1;
    this.#dolls = [...this.#dolls, doll];
  }

  /** Takes a doll that lies there, if there is one and the gripper is empty. */
  take(camera: number, area: Area): boolean {
    const doll = this.#dolls.find((candidate) => candidate.camera === camera && candidate.area === area);
    if (doll === undefined || this.#held !== undefined) return false;
    this.#dolls = this.#dolls.filter((other) => other !== doll);
    this.#held = { doll };
    return true;
  }

  /** Lets the held doll go above an area; above none it rolls back to where it was. */
  drop(area: Area | undefined): void {
    const doll = this.#held?.doll;
    if (doll === undefined) return;
    this.#held = undefined;
    const to = area ?? doll.area;
    this.#dolls = [...this.#dolls, { ...doll, area: to, spot: this.freeSpot(doll.camera, to) }];
  }

  /** Moves a doll as the arm would; false when there is none to move. */
  move(camera: number, from: Area, to: Area): boolean {
    if (!this.take(camera, from)) return false;
    this.drop(to);
    return true;
  }

  /** Somebody puts all of a row's dolls back to the left, once none is left there to be moved. */
  refill(): void {
    for (let camera = 0; camera < this.cameras; camera += 1) {
      if (this.counts(camera).left > 0) continue;
      while (this.move(camera, 'right', 'left'));
    }
  }

  private freeSpot(camera: number, area: Area): Spot {
    const taken = this.#dolls.filter((doll) => doll.camera === camera && doll.area === area);
    let best: { spot: Spot; apart: number } | undefined;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const angle = this.#random() * 2 * Math.PI;
      const radius = Math.sqrt(this.#random()) * REACH;
      const spot = { u: radius * Math.cos(angle), v: radius * Math.sin(angle) };
      const apart = Math.min(
        ...taken.map((doll) => Math.hypot(doll.spot.u - spot.u, doll.spot.v - spot.v)),
        9,
      );
      if (apart > MIN_APART) return spot;
      if (best === undefined || apart > best.apart) best = { spot, apart };
    }
    return best!.spot;
  }
}
