import { Injectable } from '@nestjs/common';
import { describeRobot, robotStatuses, teachState, type TrafficScope } from '@teleop/contracts';
import { isRefusal, NatsConnection, Requests } from '@teleop/messaging';
import { NOWHERE } from './domain/scope';

const MAX_ASKED = 1_000;

/** What robot-gateway knows of robots. Throws an operational error when it does not answer. */
@Injectable()
export class RobotDesk {
  constructor(
    private readonly requests: Requests,
    private readonly nats: NatsConnection,
  ) {}

  /** Undefined: there is no such robot. */
  async connected(robotId: string): Promise<boolean | undefined> {
    try {
      return (await this.requests.ask(describeRobot, { robotId })).connected;
    } catch (error) {
      if (isRefusal(error, describeRobot)) return undefined;
      throw error;
    }
  }

  /** Where it says it is, as far as that can be locked. */
  async whereabouts(robotId: string): Promise<TrafficScope> {
    const { statuses } = await this.requests.ask(robotStatuses, { robotIds: [robotId] });
    const position = statuses[0]?.status['position'];
    const known = typeof position === 'string' && position !== '' && position !== 'UNKNOWN';
    return known && position.length <= 128 ? { ...NOWHERE, nodeIds: [position] } : NOWHERE;
  }

  /** Those of the robots that are there and connected. */
  async connectedOf(robotIds: readonly string[]): Promise<ReadonlySet<string>> {
    const here = new Set<string>();
    for (let from = 0; from < robotIds.length; from += MAX_ASKED) {
      const asked = robotIds.slice(from, from + MAX_ASKED);
      let after: string | undefined;
      do {
        const answer = await this.requests.ask(robotStatuses, { robotIds: asked, ...(after && { after }) });
        for (const { robotId, status } of answer.statuses)
          if (status['robotConnected'] === true) here.add(robotId);
        after = answer.next ?? undefined;
      } while (after !== undefined);
    }
    return here;
  }

  /** Milliseconds since it last said something of its state; Infinity when it never did, by the stream's clock and ours. */
  async silentMs(robotId: string): Promise<number> {
    const manager = await this.nats.manager();
    const subject = teachState.subject.replace('{robotId}', robotId);
    const last = await manager.streams.getMessage(teachState.stream, { last_by_subj: subject });
    return last === null ? Infinity : Date.now() - last.time.getTime();
  }
}
