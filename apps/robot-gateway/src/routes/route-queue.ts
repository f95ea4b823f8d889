import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { Clock, InjectConfig, LOGGER, Logger, Metrics, stopController } from '@teleop/service-kit';
import { Commander } from '../commands/commander';
import { SentMoments } from '../commands/sent-moments';
import type { RobotsConfig } from '../config';
import { Notifications } from '../events/notifications';
import { LeaseBook } from '../lease/lease-book';
import { isHeld } from '../lease/lease-state';
import { RobotHints } from '../replicas/robot-hints';
import type { Telemetry } from '../telemetry/live-robots';
import { namedCommand } from '../telemetry/named-command';
import { TrailingFlight } from '../turns/trailing-flight';
import { AdvanceQueue, attemptId, type Dispatch } from './advance-queue';
import { IDLE } from './domain/under-way';
import { RouteBook } from './route-book';
import { RouteStore, type Ends } from './route-store';

/** Moves the queues of routes on: whenever something happened that may let a robot go, one step at a time a robot. */
@Injectable()
export class RouteQueue implements OnModuleDestroy {
  readonly #flight: TrailingFlight<void>;
  readonly #stopping = stopController();
  readonly #dispatches;

  constructor(
    private readonly steps: AdvanceQueue,
    private readonly routes: RouteStore,
    private readonly outlines: RouteBook,
    private readonly leases: LeaseBook,
    private readonly commander: Commander,
    private readonly notifications: Notifications,
    private readonly hints: RobotHints,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly moments: SentMoments,
    metrics: Metrics,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#flight = new TrailingFlight(
      (robotId) => this.step(robotId),
      Infinity,
      () => new Error('unreachable'),
    );
    this.#dispatches = metrics.counter('robot_routes_dispatched_total', 'Routes sent to robots', ['outcome']);
  }

  onModuleDestroy(): void {
    this.#stopping.abort();
  }

  /** Looks at the robot's queue; resolves when what could be done was. Throws when the database is away. */
  advance(robotId: string): Promise<void> {
    return this.#flight.run(robotId);
  }

  /** The same, and never throws: what fails now is looked at again by the next telemetry and the sweep. */
  tryAdvance(robotId: string): Promise<void> {
    return this.advance(robotId).catch((error: unknown) =>
      this.log.warn({ err: error, robotId }, 'the queue of routes could not be looked at; trying again'),
    );
  }

  /** Whether this telemetry may move the queue: nearly all of it does not, and costs no look at the database. */
  concerns(robotId: string, state: Telemetry): boolean {
    const { queued, active, dispatching } = this.outlines.of(robotId);
    if (dispatching) return true;
    const idle = state['driveMode'] === IDLE;
    // New firmware names what it drives; only how that ended can move the queue.
    const named = namedCommand(state);
    if (active) return idle || (named !== undefined && named.status !== 'RUNNING');
    if (!idle || queued === 0) return false;
    return (
      this.leases.lockOf(robotId) === undefined && !isHeld(this.leases.of(robotId), this.clock.monotonic())
    );
  }

  private async step(robotId: string): Promise<void> {
    const { dispatch, changed, lost, again } = await this.steps.run(robotId);
    if (lost !== undefined) this.tell(robotId, 'ERROR', `The route ${inWords(lost)} failed`);
    if (dispatch !== undefined && !(await this.send(dispatch))) void this.keepSending(dispatch);
    if (changed) await this.changed(robotId);
    if (again) await this.step(robotId);
  }

  /** False when its socket is away: to be tried again. */
  private async send(dispatch: Dispatch): Promise<boolean> {
    const { robotId, route, dispatchId, attempt, epoch, path } = dispatch;
    const { routeId, start, destination } = route;
    const sentAt = this.clock.monotonic();
    const command = { command: 'NAVIGATE', start, destination, id: dispatchId, path } as const;
    const delivery = await this.commander.deliver(robotId, [command], epoch);
    if (delivery === 'away') return false;
    this.#dispatches.inc({ outcome: delivery });
    if (delivery === 'sent') {
      this.moments.note(robotId, [attemptId(dispatch)]);
      await this.routes.markActive(routeId, attempt, this.clock.monotonic() - sentAt);
      this.log.info({ robotId, routeId, epoch }, 'route sent');
    } else if (delivery === 'stale') await this.giveBack(dispatch);
    // Unknown: it may have been sent. The robot's telemetry decides.
    return true;
  }

  private async keepSending(dispatch: Dispatch): Promise<void> {
    const { robotId, route } = dispatch;
    const deadline = this.clock.monotonic() + this.config.COMMAND_KEEP_MS;
    let saidAt = this.clock.monotonic();
    try {
      while (this.clock.monotonic() < deadline) {
        await sleep(this.config.COMMAND_RETRY_MS, undefined, { signal: this.#stopping.signal });
        if (!(await this.send(dispatch))) {
          if (this.clock.monotonic() - saidAt < this.config.DISPATCH_SETTLE_MS / 3) continue;
          await this.routes.stillSending(route.routeId, dispatch.attempt);
          saidAt = this.clock.monotonic();
          continue;
        }
        await this.changed(robotId);
        return;
      }
      this.#dispatches.inc({ outcome: 'away' });
      await this.giveBack(dispatch);
      if (dispatch.attempt === 1)
        this.tell(robotId, 'WARN', `The route ${inWords(route)} waits: the robot’s socket is away`);
    } catch (error) {
      // Stopping, or the database is away: it is found half-sent, and the robot's telemetry decides.
      if (!this.#stopping.signal.aborted)
        this.log.warn({ err: error, robotId }, 'whether a route was sent is not written down');
    }
  }

  /** Certainly not sent: back to the front of the queue. */
  private async giveBack({ robotId, route, attempt }: Dispatch): Promise<void> {
    await this.database.transaction((tx) => this.routes.requeue(tx, route.routeId, attempt, { anew: false }));
    await this.changed(robotId);
  }

  private async changed(robotId: string): Promise<void> {
    await this.outlines.refresh(robotId);
    this.hints.give(robotId, 'routes');
  }

  private tell(robotId: string, priority: 'WARN' | 'ERROR', message: string): void {
    const timestamp = new Date(this.clock.now()).toISOString();
    this.notifications.tell({ robotId, priority, message, event: 'ROUTE', timestamp });
  }
}

export function inWords({ start, destination }: Ends): string {
  return `${start} → ${destination}`;
}
