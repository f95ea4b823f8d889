import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { KeptCommands } from '../commands/kept-commands';
import type { KeptCommand } from '../commands/command-store';
import { LeaseBook } from '../lease/lease-book';
import { LeaseStore } from '../lease/lease-store';
import { RobotSituations, type RobotSituation } from '../lease/robot-situation';
import { DROP_LOCK } from '../lock/sql/change-lock.sql';
import { isManualKind } from '../relay/seat';
import { RobotHints } from '../replicas/robot-hints';
import { RouteBook } from '../routes/route-book';
import { RouteStore } from '../routes/route-store';
import { Tasks } from '../tasks/tasks';
import { TakeRobot, type Hand } from './take-robot';

/** NAVIGATE and CANCEL of an Admin, which go before everything else. */
@Injectable()
export class AdminOrders {
  constructor(
    private readonly database: Database,
    private readonly situations: RobotSituations,
    private readonly leases: LeaseStore,
    private readonly hands: TakeRobot,
    private readonly book: LeaseBook,
    private readonly routes: RouteStore,
    private readonly outlines: RouteBook,
    private readonly commands: KeptCommands,
    private readonly hints: RobotHints,
    private readonly tasks: Tasks,
  ) {}

  /**
   * Revokes an Operator's lock; takes the route under way back to the front of the queue, where it will start from its
   * beginning, and pauses a task; then CANCEL, then his command, in that order.
   */
  async navigate(robotId: string, admin: Hand, to: { start: string; destination: string }): Promise<void> {
    const navigate: KeptCommand = { command: 'NAVIGATE', ...to, id: randomUUID() };
    await this.give(robotId, admin, async (tx, situation) => {
      const { lock, route } = situation;
      if (lock?.role === 'Operator' && lock.userId !== admin.userId) {
        await tx.query(DROP_LOCK, [robotId, null]);
        await this.leases.touch(tx, robotId);
      }
      if (route === undefined) return [navigate];
      await this.routes.requeue(tx, route.routeId, route.attempt, { anew: true });
      return [cancelCommand(), navigate];
    });
  }

  /** A route that is not sent yet is called off at once; one that is driven, when the robot stands still. */
  async cancel(robotId: string, admin: Hand): Promise<void> {
    await this.give(robotId, admin, async (tx, { route }) => {
      if (route?.status === 'dispatching')
        await this.routes.finish(tx, route.routeId, route.attempt, 'canceled');
      else await this.routes.requestCancel(tx, robotId);
      return [cancelCommand()];
    });
  }

  /** All that it changes, and that the commands have to be given, is committed before the robot hears of it. */
  private async give(
    robotId: string,
    admin: Hand,
    decide: (tx: Tx, situation: RobotSituation) => Promise<KeptCommand[]>,
  ): Promise<void> {
    const { orders, epoch, fact, task } = await this.database.transaction(async (tx) => {
      const situation = await this.situations.take(tx, robotId);
      const paused = await this.tasks.preempted(tx, robotId);
      const commands = await decide(tx, situation);
      const under = await this.epochFor(situation, robotId, admin, tx);
      await this.commands.write(tx, robotId, admin.userId, commands);
      return {
        orders: commands,
        epoch: under,
        task: paused,
        fact: (await this.leases.read([robotId], tx))[0],
      };
    });
    if (fact !== undefined) this.book.tell(fact);
    const before = task?.cancel === undefined ? [] : [task.cancel];
    const sent = await this.commands.begin(robotId, orders, epoch, before);
    if (task !== undefined) await this.tasks.committed(task, sent);
    await this.outlines.refresh(robotId);
    this.hints.give(robotId, 'routes');
  }

  /** A new epoch, under which nobody else's command counts any more; his own lease he keeps. */
  private async epochFor({ lease }: RobotSituation, robotId: string, admin: Hand, tx: Tx): Promise<number> {
    if (lease.live && isManualKind(lease.kind) && lease.userId === admin.userId) return lease.epoch;
    // Sessions and teaching are told by the hand that came in between; a lock was revoked above.
    if (lease.live && (lease.kind === 'session' || lease.kind === 'teach')) {
      await this.hands.preemptIn(tx, robotId, admin);
      return (await this.leases.lock(tx, robotId)).epoch;
    }
    return this.leases.end(tx, robotId);
  }
}

function cancelCommand(): KeptCommand {
  return { command: 'CANCEL', id: randomUUID() };
}
