import { Injectable } from '@nestjs/common';
import { driverInactive, type DriverInactive } from '@teleop/contracts';
import { Consumes, Outbox, type ConsumerContext } from '@teleop/messaging';
import { TurnsRepository } from './turns.repository';

/** robot-gateway heard nothing from a driver for too long: that very turn ends as inactive. */
@Injectable()
export class DriverInactiveConsumer {
  constructor(
    private readonly turns: TurnsRepository,
    private readonly outbox: Outbox<'queue-service'>,
  ) {}

  @Consumes(driverInactive, { name: 'end-inactive-turn' })
  async end(event: DriverInactive, { tx }: ConsumerContext): Promise<void> {
    await this.turns.disconnect(tx, event.robotId, event.tokenHash);
    // The relay finds the row at its next look at the latest; this only makes it sooner.
    setImmediate(() => this.outbox.poke());
  }
}
