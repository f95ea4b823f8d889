import { Injectable } from '@nestjs/common';
import { InjectConfig } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import type { Relay } from '../relay/relay';
import { Relays } from '../relay/relays';
import { TokenBucket } from '../relay/token-bucket';

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
  readonly #buckets = new WeakMap<Relay, TokenBucket>();

  constructor(
    private readonly relays: Relays,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {
    relays.onRobotSaid((robotId, data) => {
      const ack = parsed(robotId, data);
      if (ack === undefined) return;
      if (this.bucketOf(robotId).take(relays.ports.now()))
        for (const listener of this.#listeners) listener(ack);
      else relays.counters.dropped.robot_flood += 1;
    });
  }

  /** Every acknowledgement may cost a look into the database, and a robot gets a few commands a second at most. */
  private bucketOf(robotId: string): TokenBucket {
    const relay = this.relays.of(robotId);
    let bucket = this.#buckets.get(relay);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.config.ROBOT_EVENTS_PER_S);
      this.#buckets.set(relay, bucket);
    }
    return bucket;
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
