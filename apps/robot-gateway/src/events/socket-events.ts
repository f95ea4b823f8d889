import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, Logger, ProblemError } from '@teleop/service-kit';
import { Relays } from '../relay/relays';
import { RobotEvents } from './robot-events';

/** Events that robots of newer firmware send over their control socket. */
@Injectable()
export class SocketEvents {
  constructor(
    relays: Relays,
    events: RobotEvents,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    relays.onRobotSaid((robotId, data) => {
      const frame = parsed(data);
      if (frame === undefined) return;
      // There is no answer on a socket: a robot that must know sends its event over HTTP.
      events.acceptFrame(robotId, frame).catch((error: unknown) => {
        // Counted where it was refused: a robot that floods must not fill the log as well.
        if (error instanceof ProblemError) this.log.debug({ err: error, robotId }, 'an event was refused');
        else this.log.warn({ err: error, robotId }, 'an event was not taken');
      });
    });
  }
}

function parsed(data: Buffer): object | undefined {
  try {
    const frame = JSON.parse(data.toString('utf8')) as Record<string, unknown> | null;
    if (typeof frame !== 'object' || frame === null || frame['type'] === 'ack') return undefined;
    return 'event' in frame || 'priority' in frame ? frame : undefined;
  } catch {
    // It only looked like one.
    return undefined;
  }
}
