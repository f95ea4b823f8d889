import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import { SentMoments } from '../commands/sent-moments';
import type { RobotsConfig } from '../config';
import { LeaseBook } from '../lease/lease-book';
import type { LeaseFact } from '../lease/lease-fact';
import { LeaseStore } from '../lease/lease-store';
import { RobotSituations, type RobotSituation } from '../lease/robot-situation';
import { LiveRobots } from '../telemetry/live-robots';
import { namedCommand } from '../telemetry/named-command';
import { decideUnderWay, IDLE, type Heard } from './domain/under-way';
import { MapPaths, type PathAnswer } from './map-paths';
import { RouteStore, type WaitingRoute } from './route-store';

/** A route keeps the id of its command when it is sent again; the attempt tells the sendings apart. */
export const attemptId = ({ dispatchId, attempt }: Pick<Dispatch, 'dispatchId' | 'attempt'>): string =>
  `${dispatchId}#${attempt}`;

/** A robot that has not taken a command after so many tries may have it among those it had before: it gets a new one. */
const SAME_ID_ATTEMPTS = 3;

export interface Dispatch {
  readonly robotId: string;
  readonly route: WaitingRoute;
  readonly dispatchId: string;
  readonly attempt: number;
  readonly epoch: number;
  readonly path: readonly string[] | undefined;
}

/** What one look at a robot's queue came to. */
export interface Advance {
  readonly dispatch: Dispatch | undefined;
  /** Whether anything was written. */
  readonly changed: boolean;
  /** The route under way failed, which a person should know. */
  readonly lost: WaitingRoute | undefined;
  /** Another route than the one whose way was planned has come to the front: to be looked at again. */
  readonly again: boolean;
}

interface Planned {
  readonly routeId: string;
  readonly path: PathAnswer;
}

/**
 * One step of a robot's queue, in one transaction: settles the route under way by what the robot last said, and takes the
 * next one when the robot may be sent on. Sending it is the caller's, after the commit.
 */
@Injectable()
export class AdvanceQueue {
  constructor(
    private readonly database: Database,
    private readonly situations: RobotSituations,
    private readonly routes: RouteStore,
    private readonly leases: LeaseStore,
    private readonly book: LeaseBook,
    private readonly live: LiveRobots,
    private readonly clock: Clock,
    private readonly moments: SentMoments,
    private readonly paths: MapPaths,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async run(robotId: string): Promise<Advance> {
    // Before the transaction: inside it nothing is asked that others hold.
    const planned = await this.plan(robotId);
    let fact: LeaseFact | undefined;
    const advance = await this.database.transaction<Advance>(async (tx) => {
      const situation = await this.situations.take(tx, robotId);
      const settled = await this.settle(tx, robotId, situation);
      if (settled.underWay) return { ...settled, dispatch: undefined, again: false };
      const next = await this.takeNext(tx, robotId, situation, planned);
      if (next === 'again') return { ...settled, dispatch: undefined, again: true };
      if (next !== undefined) fact = (await this.leases.read([robotId], tx))[0];
      return { ...settled, dispatch: next, changed: settled.changed || next !== undefined, again: false };
    });
    if (fact !== undefined) this.book.tell(fact);
    return advance;
  }

  private async plan(robotId: string): Promise<Planned | undefined> {
    if (!this.mayGo(robotId)) return undefined;
    const route = await this.routes.next(this.database, robotId);
    if (route === undefined) return undefined;
    return { routeId: route.routeId, path: await this.paths.find(robotId, route.start, route.destination) };
  }

  private mayGo(robotId: string): boolean {
    return this.live.connected(robotId) && this.live.stateOf(robotId)?.['driveMode'] === IDLE;
  }

  private async settle(
    tx: Tx,
    robotId: string,
    { route }: RobotSituation,
  ): Promise<{ underWay: boolean; changed: boolean; lost: WaitingRoute | undefined }> {
    if (route === undefined) return { underWay: false, changed: false, lost: undefined };
    const { routeId, attempt } = route;
    const dispatchedMs = this.moments.since(robotId, attemptId(route)) ?? route.dispatchedMs;
    const verdict = decideUnderWay(
      { ...route, dispatchedMs },
      this.heard(robotId),
      this.config.DISPATCH_SETTLE_MS,
    );
    switch (verdict) {
      case 'wait':
        return { underWay: true, changed: false, lost: undefined };
      case 'active':
        // It was sent by a process that died before it could write so.
        await this.routes.markActive(routeId, attempt, this.live.ageMs(robotId), tx);
        this.log.info({ robotId, routeId }, 'the robot drives a route that was left half-sent');
        return { underWay: true, changed: true, lost: undefined };
      case 'again':
        // Under its own id: what the robot said may only have been late, and it does not drive one command twice.
        await this.routes.requeue(tx, routeId, attempt, {
          anew: route.status === 'active' && attempt >= SAME_ID_ATTEMPTS,
        });
        this.log.info({ robotId, routeId }, 'the robot never had the route; it is sent again');
        return { underWay: false, changed: true, lost: undefined };
      case 'done':
      case 'canceled':
      case 'lost': {
        const ends = await this.routes.finish(tx, routeId, attempt, verdict);
        const lost = verdict === 'lost' && ends !== undefined ? { routeId, ...ends } : undefined;
        return { underWay: false, changed: true, lost };
      }
      default:
        return verdict satisfies never;
    }
  }

  /** All of: nobody holds the robot, it is connected and idle, nothing is under way, and something waits. */
  private async takeNext(
    tx: Tx,
    robotId: string,
    { lease, lock, taskId, orderedMs, orderedId, orderId }: RobotSituation,
    planned: Planned | undefined,
  ): Promise<Dispatch | 'again' | undefined> {
    if (lock !== undefined || lease.live || taskId !== undefined || !this.mayGo(robotId)) return undefined;
    // It was IDLE before a person sent it somewhere: whether it still is it has to say.
    const sinceOrder = this.moments.since(robotId, orderedId) ?? orderedMs;
    if (this.live.ageMs(robotId) >= sinceOrder) return undefined;
    const named = namedCommand(this.live.stateOf(robotId) ?? {});
    if (orderId !== undefined && named !== undefined && named.id !== orderId) return undefined;
    const route = await this.routes.next(tx, robotId);
    if (route === undefined) return undefined;
    if (route.routeId !== planned?.routeId) return 'again';
    const { path } = planned;
    if (path === 'blocked') return undefined;
    const dispatchId = route.dispatchId ?? randomUUID();
    const attempt = await this.routes.markDispatching(tx, route.routeId, dispatchId);
    // A new epoch: should this dispatch be given up and sent again by another process, the first one is refused.
    const epoch = await this.leases.end(tx, robotId);
    return {
      robotId,
      route,
      dispatchId,
      attempt,
      epoch,
      path: path === 'unknown' ? undefined : path.nodeIds,
    };
  }

  private heard(robotId: string): Heard | undefined {
    const live = this.live.of(robotId);
    return live && { state: live.state, ageMs: this.clock.monotonic() - live.receivedAt };
  }
}
