import { Inject, Injectable } from '@nestjs/common';
import { teachControl, type TeachControl } from '@teleop/contracts';
import { Consumes, Retry, type ConsumerContext, type Tx } from '@teleop/messaging';
import { LOGGER, Logger } from '@teleop/service-kit';
import { Commander } from '../commands/commander';
import { LeaseStore } from '../lease/lease-store';
import { TEACH_LOCK_OF } from './sql/teach-lock-of.sql';
import { teachCommand } from './teach-frames';

/** Deliveries of a stop to a robot that is away. When it comes back it is told as soon as it says something. */
const STOP_DELIVERIES = 10;

/**
 * Passes on what teach-service tells robots, under their lease's epoch. A start is worth nothing without the lock it was
 * asked for with: it may come late, and after its stop. Robots know a message that comes twice by its id.
 */
@Injectable()
export class TeachControlConsumer {
  constructor(
    private readonly commander: Commander,
    private readonly leases: LeaseStore,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  // Few at a time: while another replica is asked, each holds a connection to the database.
  @Consumes(teachControl, { name: 'teach-control', concurrency: 2 })
  async pass(control: TeachControl, { tx, deliveryCount }: ConsumerContext): Promise<void> {
    const { robotId, type } = control;
    if (type === 'teachStart' && !(await this.stillTaught(tx, control))) {
      this.log.info({ robotId }, 'a robot is not told to be taught: its lock is over');
      return;
    }
    const epoch = (await this.leases.epochs([robotId])).get(robotId) ?? 0;
    const delivery = await this.commander.deliver(robotId, [teachCommand(control)], epoch);
    if (delivery === 'sent') return;
    if (type === 'teachStop' && deliveryCount >= STOP_DELIVERIES) {
      this.log.warn({ robotId, delivery }, 'a robot was not told that its teaching is over');
      return;
    }
    throw new Retry(`the robot could not be told (${delivery})`);
  }

  private async stillTaught(tx: Tx, { robotId, correlationId }: TeachControl): Promise<boolean> {
    return (await tx.maybe(TEACH_LOCK_OF, [robotId, correlationId])) !== undefined;
  }
}
