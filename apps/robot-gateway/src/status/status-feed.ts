import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { robotStatusFeed, type RobotStatusFeed } from '@teleop/contracts';
import { Broadcast, Feeds } from '@teleop/messaging';
import { Clock, InjectConfig } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Fleet } from '../fleet/fleet';
import { LeaseBook } from '../lease/lease-book';
import { Coalescer } from '../telemetry/coalescer';
import { LiveRobots } from '../telemetry/live-robots';
import { RobotStatuses } from './robot-status';

type Listener = (update: RobotStatusFeed) => void;

/** Between looks for what only time changes: a lock that runs out, a robot that falls silent. Milliseconds. */
const LOOK_MS = 500;

const HEAD = /^\{"robotId":"([^"\\]+)","version":(\d+),/;

/**
 * What watchers of robots see, on all replicas: told when it changed, at most so often a robot, the last always. The
 * replica the robot last spoke to tells; the others hear it.
 */
@Injectable()
export class StatusFeed implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #newest = new Map<string, { readonly update: RobotStatusFeed; readonly content: string }>();
  readonly #listeners: Listener[] = [];
  readonly #outgoing: Coalescer;
  #stop: (() => void)[] = [];

  constructor(
    private readonly statuses: RobotStatuses,
    private readonly live: LiveRobots,
    private readonly fleet: Fleet,
    private readonly feeds: Feeds<'robot-gateway'>,
    private readonly broadcast: Broadcast,
    private readonly clock: Clock,
    leases: LeaseBook,
    @InjectConfig() config: RobotsConfig,
  ) {
    this.#outgoing = new Coalescer(
      config.STATUS_MIN_INTERVAL_MS,
      () => clock.monotonic(),
      (robotId) => this.tell(robotId),
    );
    live.onTelemetry((robotId, { here }) => {
      if (here) this.#outgoing.mark(robotId);
    });
    leases.onChange((robotId) => {
      if (this.isOurs(robotId)) this.#outgoing.mark(robotId);
    });
    fleet.onGone((robotId) => {
      this.#newest.delete(robotId);
      this.#outgoing.forget(robotId);
    });
  }

  onApplicationBootstrap(): void {
    const look = setInterval(() => this.look(), LOOK_MS);
    this.#stop = [
      this.broadcast.subscribe(
        robotStatusFeed,
        (update) => {
          if (this.isNews(update)) this.learn(update, contentOf(update.status));
        },
        // Most of what is heard is our own word coming back.
        { known: (text) => !this.mayBeNews(text) },
      ),
      () => clearInterval(look),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
    this.#outgoing.close();
  }

  /** What watchers of this robot see now. */
  of(robotId: string): RobotStatusFeed {
    // Of a robot that speaks to another replica, that one's word is the newest: ours may lag, and must not come after it.
    const theirs = this.isOurs(robotId) ? undefined : this.#newest.get(robotId)?.update;
    return theirs ?? this.tell(robotId) ?? this.make(robotId, {});
  }

  /** Called for each update that shows something else than the last, once. */
  onUpdate(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** The nodes of a robot have become known, for instance. */
  changed(robotId: string): void {
    this.#outgoing.mark(robotId);
  }

  /** The newest update, after telling it if it is new. Undefined for robots that are not registered. */
  private tell(robotId: string): RobotStatusFeed | undefined {
    if (this.fleet.find(robotId) === undefined) return undefined;
    const status = this.statuses.withNodes(robotId);
    const content = contentOf(status);
    const known = this.#newest.get(robotId);
    if (known?.content === content) return known.update;
    const update = this.make(robotId, status);
    this.learn(update, content);
    this.feeds.publish(robotStatusFeed, update);
    return update;
  }

  private make(robotId: string, status: object): RobotStatusFeed {
    // Wall-clock milliseconds, or one more than the last: grows over replicas whose clocks are about the same.
    const last = this.#newest.get(robotId)?.update.version ?? 0;
    const version = Math.max(last + 1, Math.floor(this.clock.now()));
    return { robotId, version, status: { ...status, version } };
  }

  /** What is news. */
  private learn(update: RobotStatusFeed, content: string): void {
    const known = this.#newest.get(update.robotId);
    this.#newest.set(update.robotId, { update, content });
    // Two replicas that look at the same moment both tell of it, each with a version of its own.
    if (known?.content === content) return;
    for (const listener of this.#listeners) listener(update);
  }

  private isNews({ robotId, version }: RobotStatusFeed): boolean {
    const known = this.#newest.get(robotId);
    return known === undefined || known.update.version < version;
  }

  /** By the head of the text, as every replica writes it; what begins otherwise is to be parsed. */
  private mayBeNews(text: string): boolean {
    const [, robotId, version] = HEAD.exec(text) ?? [];
    const known = robotId === undefined ? undefined : this.#newest.get(robotId);
    return known === undefined || known.update.version < Number(version);
  }

  private look(): void {
    for (const [robotId, { update }] of this.#newest) {
      const { robotConnected, manualLockHolderName } = this.statuses.presenceOf(robotId);
      const { status } = update;
      const same =
        robotConnected === status['robotConnected'] &&
        manualLockHolderName === status['manualLockHolderName'];
      // Its own replica may be gone: whoever sees it first says so.
      if (!same) this.#outgoing.mark(robotId);
    }
  }

  private isOurs(robotId: string): boolean {
    return this.live.of(robotId)?.here ?? true;
  }
}

/** What two updates are compared by: all but the version. */
function contentOf(status: object): string {
  return JSON.stringify({ ...status, version: 0 });
}
