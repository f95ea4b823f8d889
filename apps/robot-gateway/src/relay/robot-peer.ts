import { FloodGate } from './flood-gate';
import type { Wire } from './wire';

export interface RobotPeerOptions {
  /** Orders the sockets of one robot over all replicas: the newest wins. */
  readonly generation: number;
  /** The robot asked for `lease` frames. */
  readonly announcesLease: boolean;
  readonly framesPerSecond: number;
  /** Frames beyond those within a second after which the socket is closed. */
  readonly floodFramesPerSecond?: number;
  /** It named no robot, as the original protocol has it: several such sockets hear the commands side by side. */
  readonly unnamed?: boolean;
  /** It has shown its key, whether it had to or not. */
  readonly proved?: boolean;
  /** Begins to hear what other replicas have for it; returns the way to stop. */
  readonly hear?: () => () => void;
}

/** The socket of a robot that connected out to this replica. */
export class RobotPeer {
  readonly gate: FloodGate;
  readonly generation: number;
  readonly announcesLease: boolean;
  readonly unnamed: boolean;
  readonly proved: boolean;
  /** Monotonic milliseconds at which other replicas were last told of the socket. */
  announcedAt = -Infinity;
  /** Ends what `startHearing` began. */
  stopHearing: () => void = () => undefined;
  readonly #hear: () => () => void;

  constructor(
    readonly wire: Wire,
    options: RobotPeerOptions,
  ) {
    this.gate = new FloodGate(options.framesPerSecond, options.floodFramesPerSecond ?? Infinity);
    this.generation = options.generation;
    this.announcesLease = options.announcesLease;
    this.unnamed = options.unnamed ?? false;
    this.proved = options.proved ?? false;
    this.#hear = options.hear ?? (() => () => undefined);
  }
  startHearing(): void {
    this.stopHearing();
    this.stopHearing = this.#hear();
  }
}
