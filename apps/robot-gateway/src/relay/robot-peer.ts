import { TokenBucket } from './token-bucket';
import type { Wire } from './wire';

export interface RobotPeerOptions {
  /** Orders the sockets of one robot over all replicas: the newest wins. */
  readonly generation: number;
  /** The robot asked for `lease` frames. */
  readonly announcesLease: boolean;
  readonly framesPerSecond: number;
}

/** The socket of a robot that connected out to this replica. */
export class RobotPeer {
  readonly bucket: TokenBucket;
  readonly generation: number;
  readonly announcesLease: boolean;
  /** Monotonic milliseconds at which other replicas were last told of the socket. */
  announcedAt = -Infinity;
  /** Ends the subscription to frames of drivers at other replicas. */
  stopHearing: () => void = () => undefined;

  constructor(
    readonly wire: Wire,
    options: RobotPeerOptions,
  ) {
    this.bucket = new TokenBucket(options.framesPerSecond);
    this.generation = options.generation;
    this.announcesLease = options.announcesLease;
  }
}
