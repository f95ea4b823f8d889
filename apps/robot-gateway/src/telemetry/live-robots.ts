import { Injectable } from '@nestjs/common';
import { Clock, InjectConfig } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';

export type Telemetry = Readonly<Record<string, unknown>>;

export interface LiveRobot {
  readonly state: Telemetry;
  /** Monotonic milliseconds of this process at which it came, here or at another replica. */
  readonly receivedAt: number;
  /** The robot spoke to this replica. */
  readonly here: boolean;
}

type Listener = (robotId: string, live: LiveRobot, before: LiveRobot | undefined) => void;

/** What each robot last said of itself, in memory. The newest to arrive is the truth, whichever replica it came to. */
@Injectable()
export class LiveRobots {
  readonly #robots = new Map<string, LiveRobot>();
  readonly #listeners: Listener[] = [];

  constructor(
    private readonly clock: Clock,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {}

  /**
   * `ageMs`: how long ago it came to whoever took it in. What another replica tells may have been overtaken by what the robot
   * said to this one since; that stands.
   */
  learn(robotId: string, state: Telemetry, source: { here: boolean; ageMs: number }): void {
    const before = this.#robots.get(robotId);
    const receivedAt = this.clock.monotonic() - source.ageMs;
    if (!source.here && before !== undefined && before.receivedAt > receivedAt) return;
    const live = { state, receivedAt, here: source.here };
    this.#robots.set(robotId, live);
    for (const listener of this.#listeners) listener(robotId, live, before);
  }

  /** What was stored before this process started. */
  recall(robotId: string, state: Telemetry, ageMs: number): void {
    this.learn(robotId, state, { here: false, ageMs });
  }

  of(robotId: string): LiveRobot | undefined {
    return this.#robots.get(robotId);
  }

  stateOf(robotId: string): Telemetry | undefined {
    return this.#robots.get(robotId)?.state;
  }

  /** Telemetry came within the stale time-out. */
  connected(robotId: string): boolean {
    return this.ageMs(robotId) < this.config.ROBOT_STALE_MS;
  }

  /** Milliseconds since the last telemetry; Infinity when there never was any. */
  ageMs(robotId: string): number {
    const live = this.#robots.get(robotId);
    return live === undefined ? Infinity : this.clock.monotonic() - live.receivedAt;
  }

  robotIds(): IterableIterator<string> {
    return this.#robots.keys();
  }

  forget(robotId: string): void {
    this.#robots.delete(robotId);
  }

  /** Called for every telemetry, here or heard of, in the order of arrival. */
  onTelemetry(listener: Listener): void {
    this.#listeners.push(listener);
  }
}
