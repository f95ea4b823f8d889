import { Injectable } from '@nestjs/common';
import { Relays } from '../relay/relays';

export interface RobotAck {
  readonly robotId: string;
  /** Of the command. */
  readonly id: string;
  readonly accepted: boolean;
  readonly reason: string | undefined;
}

/** Acknowledgements of commands, as robots of newer firmware send them over their control socket. */
@Injectable()
export class RobotAcks {
  readonly #listeners: ((ack: RobotAck) => void)[] = [];

  constructor(relays: Relays) {
    relays.onRobotSaid((robotId, data) => {
      const ack = parsed(robotId, data);
      if (ack !== undefined) for (const listener of this.#listeners) listener(ack);
    });
  }

  onAck(listener: (ack: RobotAck) => void): void {
    this.#listeners.push(listener);
  }
}

function parsed(robotId: string, data: Buffer): RobotAck | undefined {
  try {
    const frame = JSON.parse(data.toString('utf8')) as Record<string, unknown> | null;
    if (frame?.['type'] !== 'ack' || typeof frame['id'] !== 'string') return undefined;
    const { id, accepted, reason } = frame;
    return {
      robotId,
      id,
      accepted: accepted === true,
      reason: typeof reason === 'string' ? reason : undefined,
    };
  } catch {
    // It only looked like one.
    return undefined;
  }
}
