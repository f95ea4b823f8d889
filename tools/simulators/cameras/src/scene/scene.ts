/** Somebody in the picture. Pixels of the scene. */
export interface Person {
  /** JPEG or PNG. */
  readonly picture: Buffer;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Pixels a frame. */
  readonly walk?: { readonly dx: number; readonly dy: number };
  /** Sigma of a Gauss blur, as of somebody out of focus. */
  readonly blur?: number;
}

/** A moving picture of a room; its frames are shown over and over again. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Empty: an empty room. */
  readonly people: readonly Person[];
  /** Pixels a frame by which the camera turns; it turns back half-way, so that the loop has no jump. */
  readonly pan?: number;
}

/** Where somebody is in frame `index`. */
export function placeOf(person: Person, scene: Scene, index: number): { left: number; top: number } {
  const turned = Math.min(index, scene.frames - index) * (scene.pan ?? 0);
  const walk = person.walk ?? { dx: 0, dy: 0 };
  return {
    left: Math.round(person.x + walk.dx * index - turned),
    top: Math.round(person.y + walk.dy * index),
  };
}
