import { TEXT, type Wire } from '../relay/wire';

/** Bytes that may wait for a watcher before the next of many states is encoded for him. */
const AHEAD_BYTES = 128 * 1_024;

/** What a snapshot needs of a `ws` socket. */
type Paced = Pick<Wire, 'bufferedAmount'> & {
  send(data: Buffer, options: typeof TEXT, sent: (error?: Error | null) => void): void;
};

/**
 * The present states of many robots, sent as fast as the watcher takes them: a whole fleet with its extra telemetry may
 * be tens of megabytes, which must not lie here for everybody who connects and never reads.
 */
export class Snapshot {
  readonly #waiting: Set<string>;
  #inFlight = 0;

  constructor(
    private readonly ws: Paced,
    robotIds: readonly string[],
    private readonly encode: (robotId: string) => Buffer,
  ) {
    this.#waiting = new Set(robotIds);
  }

  /** This robot's state is still to be sent; it will be the newest then. */
  waits(robotId: string): boolean {
    return this.#waiting.has(robotId);
  }

  /** `done` is called once, when the last state was handed over. */
  send(done: () => void): void {
    for (const robotId of this.#waiting) {
      if (this.#inFlight > 0 && this.ws.bufferedAmount > AHEAD_BYTES) return;
      // Looking may find news, of which those who wait are not told by themselves.
      const bytes = this.encode(robotId);
      this.#waiting.delete(robotId);
      this.#inFlight += 1;
      this.ws.send(bytes, TEXT, (error) => {
        this.#inFlight -= 1;
        // Closed meanwhile: nobody is left to send to.
        if (!error && this.#waiting.size > 0) this.send(done);
      });
    }
    done();
  }
}
