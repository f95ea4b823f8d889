import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { probeSession, type AskSessionProbe, type SessionProbeAnswer } from '@teleop/contracts';
import { Answers } from '@teleop/messaging';
import { LOGGER, Logger } from '@teleop/service-kit';
import { NatsReplicaLink } from '../replicas/nats-replica-link';
import { ResolveTurn } from '../turns/resolve-turn';
import { Relays } from './relays';

/** How long the replica that holds the robot has to say so; any but a dead one does in a few milliseconds. */
const WHO_MS = 100;
const WHO_STEP_MS = 10;

/** Answers queue-service as a `lock_request` on the relay is answered, without asking the robot. */
@Injectable()
export class ProbeSessionAnswer {
  constructor(
    private readonly turns: ResolveTurn,
    private readonly relays: Relays,
    private readonly link: NatsReplicaLink,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @Answers(probeSession)
  async probe({ robotId, tokenHash }: AskSessionProbe): Promise<SessionProbeAnswer> {
    const free = (await this.robotConnected(robotId)) && (await this.holdsTurn(robotId, tokenHash));
    return { answer: free ? 'lock_granted' : 'busy' };
  }

  private async holdsTurn(robotId: string, tokenHash: string): Promise<boolean> {
    try {
      return (await this.turns.resolve(robotId, tokenHash)).verdict === 'yours';
    } catch (error) {
      // Asked by queue-service itself, whose own answer failed: the probe's flow does not depend on ours.
      this.log.warn({ err: error, robotId }, 'probe answered busy: the turn cannot be verified');
      return false;
    }
  }

  private async robotConnected(robotId: string): Promise<boolean> {
    const connected = () => this.relays.find(robotId)?.robotConnected(this.relays.ports.now()) === true;
    if (connected()) return true;
    this.link.who(robotId);
    for (let waited = 0; waited < WHO_MS && !connected(); waited += WHO_STEP_MS) await sleep(WHO_STEP_MS);
    return connected();
  }
}
