import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '@teleop/auth';
import type { RouteBody } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { InjectConfig, ProblemError } from '@teleop/service-kit';
import { KeptCommands } from '../commands/kept-commands';
import type { KeptCommand } from '../commands/command-store';
import type { RobotsConfig } from '../config';
import { LeaseBook } from '../lease/lease-book';
import { LeaseStore } from '../lease/lease-store';
import { RobotSituations } from '../lease/robot-situation';
import { RobotHints } from '../replicas/robot-hints';
import { RouteBook } from './route-book';
import { RouteQueue } from './route-queue';
import { RouteStore, type ListedRoute } from './route-store';

/** What people do to a robot's queue of routes. */
@Injectable()
export class ChangeRoutes {
  constructor(
    private readonly database: Database,
    private readonly situations: RobotSituations,
    private readonly routes: RouteStore,
    private readonly leases: LeaseStore,
    private readonly leaseBook: LeaseBook,
    private readonly outlines: RouteBook,
    private readonly queue: RouteQueue,
    private readonly commands: KeptCommands,
    private readonly hints: RobotHints,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {}

  /** Adds it at the end; the robot is sent on at once when nothing keeps it. */
  async add(robotId: string, body: RouteBody, user: Principal): Promise<ListedRoute> {
    const route = await this.database.transaction(async (tx) => {
      await this.situations.take(tx, robotId);
      const { start, destination } = body;
      const wanted = { routeId: randomUUID(), robotId, start, destination };
      const by = { addedById: user.userId, addedBy: user.name };
      return this.routes.add(tx, { ...wanted, ...by }, this.config.ROUTE_QUEUE_MAX);
    });
    if (route === undefined) {
      const detail = `${this.config.ROUTE_QUEUE_MAX} routes wait for this robot; more are not taken`;
      throw new ProblemError(409, 'ROUTE_QUEUE_FULL', detail);
    }
    await this.changed(robotId);
    return route;
  }

  /** Takes it out; the one under way is called off as well. False when there is none. */
  async remove(robotId: string, routeId: string, user: Principal): Promise<boolean> {
    const outcome = await this.database.transaction(async (tx) => {
      const { lease, route } = await this.situations.take(tx, robotId);
      if (route?.routeId !== routeId)
        return { removed: await this.routes.cancelWaiting(tx, robotId, routeId) };
      await this.routes.finish(tx, routeId, route.attempt, 'canceled');
      const cancel: KeptCommand = { command: 'CANCEL', id: randomUUID() };
      // Whoever drives by hand just now keeps his lease; the robot is told to leave the route all the same.
      const epoch = lease.live ? lease.epoch : await this.leases.end(tx, robotId);
      await this.commands.write(tx, robotId, user.userId, [cancel]);
      return { removed: true, cancel, epoch, fact: (await this.leases.read([robotId], tx))[0] };
    });
    if (outcome.fact !== undefined) this.leaseBook.tell(outcome.fact);
    if (outcome.cancel !== undefined) await this.commands.begin(robotId, [outcome.cancel], outcome.epoch);
    if (outcome.removed) await this.changed(robotId);
    return outcome.removed;
  }

  private async changed(robotId: string): Promise<void> {
    await this.outlines.refresh(robotId);
    this.hints.give(robotId, 'routes');
    // Whoever is told that the route was added may rely on it: the robot is on its way, or something keeps it.
    await this.queue.tryAdvance(robotId);
  }
}
