import { Inject, Injectable } from '@nestjs/common';
import { FRAME_HEADERS, frameSubject } from '@teleop/contracts';
import { NatsConnection } from '@teleop/messaging';
import { InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import { headers, RequestError, type Msg } from '@nats-io/transport-node';
import type { RobotsConfig } from '../config';
import { Relays } from '../relay/relays';
import type { Sent } from '../relay/relay';
import type { RobotCommand } from './domain/robot-command';

/**
 * How commands fared. `sent`: on the robot's socket. `away`: certainly not sent, its socket is nowhere or cannot take
 * more. `stale`: refused, a newer lease is known. `unknown`: a replica was asked to and did not say.
 */
export type Delivery = 'sent' | 'away' | 'stale' | 'unknown';

/** Puts commands on a robot's socket, whichever replica holds it. */
@Injectable()
export class Commander {
  constructor(
    private readonly relays: Relays,
    private readonly nats: NatsConnection,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Takes commands of other replicas for a robot whose socket is here. Returns the way to stop. */
  hear(robotId: string): () => void {
    const subscription = this.nats.nc.subscribe(frameSubject('command', robotId), {
      callback: (error, message) => {
        if (error === null) this.answer(robotId, message);
        else this.log.error({ err: error }, 'commands between replicas failed');
      },
    });
    return () => subscription.unsubscribe();
  }

  /** All of them in their order, or none. `epoch`: of the lease they are given under; an older one than known is refused. */
  async deliver(robotId: string, commands: readonly RobotCommand[], epoch: number): Promise<Delivery> {
    const here = this.relays.find(robotId)?.command(commands, epoch) ?? 'absent';
    if (here !== 'absent') return deliveryOf(here);
    return this.nats.connected ? this.askOthers(robotId, commands, epoch) : 'away';
  }

  private async askOthers(
    robotId: string,
    commands: readonly RobotCommand[],
    epoch: number,
  ): Promise<Delivery> {
    const h = headers();
    h.set(FRAME_HEADERS.epoch, String(epoch));
    try {
      const reply = await this.nats.whileUp(() =>
        this.nats.nc.request(frameSubject('command', robotId), JSON.stringify(commands), {
          timeout: this.config.COMMAND_SEND_MS,
          headers: h,
        }),
      );
      const answer = reply.string();
      return answer === 'sent' || answer === 'stale' || answer === 'away' ? answer : 'unknown';
    } catch (error) {
      // Whoever holds the robot's socket listens: nobody does.
      if (error instanceof RequestError && error.isNoResponders()) return 'away';
      this.log.debug({ err: error, robotId }, 'whether a command was sent is not known');
      return 'unknown';
    }
  }

  private answer(robotId: string, message: Msg): void {
    const relay = this.relays.find(robotId);
    if (relay?.robot === undefined) return;
    const epoch = Number(message.headers?.get(FRAME_HEADERS.epoch));
    const commands = parsed(message.string());
    if (commands === undefined || !Number.isSafeInteger(epoch)) return;
    message.respond(deliveryOf(relay.command(commands, epoch)));
  }
}

function deliveryOf(sent: Sent): Delivery {
  return sent === 'slow' || sent === 'absent' ? 'away' : sent;
}

/** Comes from another replica, which has checked what is in it. */
function parsed(text: string): readonly RobotCommand[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as RobotCommand[]) : undefined;
  } catch {
    return undefined;
  }
}
